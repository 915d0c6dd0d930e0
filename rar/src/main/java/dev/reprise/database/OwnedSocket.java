// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;

/** A socket of which it can be seen whether the server has closed it. As any other, it is not closed by an interrupt. */
final class OwnedSocket extends Socket {

    /** The system notices within two minutes that the other side of an idle link has gone; seconds, and a number. */
    private static final Map<String, Integer> KEEPALIVE =
            Map.of("TCP_KEEPIDLE", 60, "TCP_KEEPINTERVAL", 10, "TCP_KEEPCOUNT", 3);

    private final ChannelSocket channel;

    OwnedSocket() throws IOException {
        this(new ChannelSocket());
    }

    /**
     * Options are found by their names, since not every system has them; a driver may set them to something else, and says
     * whether it is on at all.
     */
    private OwnedSocket(ChannelSocket channel) throws IOException {
        super(channel);
        this.channel = channel;
        for (SocketOption<?> option : channel.supportedOptions()) {
            Integer value = KEEPALIVE.get(option.name());
            if (value != null) {
                channel.set(option, value);
            }
        }
    }

    /** Takes nothing away from whoever reads; to be called while nobody does. */
    Liveness liveness() {
        return channel.liveness();
    }

    /** A server that never ends what it says is not listened to for longer than this. */
    void mustCompleteWithin(Duration limit) {
        channel.readUntil(System.nanoTime() + limit.toNanos());
    }

    void isComplete() {
        channel.readUntil(null);
    }

    /** When something was last read, by {@link System#nanoTime}. */
    long heardAt() {
        return channel.heardAt();
    }
}

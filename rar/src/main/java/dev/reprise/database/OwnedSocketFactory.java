// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets a driver connect through sockets that the adapter keeps a hand on, so that a connection can be cut without
 * waiting for a driver's lock. Made by the driver, by its class name, in the thread that connects.
 */
public final class OwnedSocketFactory extends SocketFactory {

    /** Inherited: pgjdbc connects in a thread of its own. */
    private static final ThreadLocal<@Nullable AtomicReference<@Nullable Socket>> MADE = new InheritableThreadLocal<>();

    /** The last socket that a driver made for this thread since this was called last. */
    static Optional<Socket> take() {
        AtomicReference<@Nullable Socket> made = MADE.get();
        MADE.set(new AtomicReference<>());
        return Optional.ofNullable(made).map(AtomicReference::get);
    }

    private static Socket made(Socket socket) {
        AtomicReference<@Nullable Socket> made = MADE.get();
        if (made != null) {
            made.set(socket);
        }
        return socket;
    }

    @Override
    public Socket createSocket() {
        return made(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return made(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return made(new Socket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return made(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return made(new Socket(host, port, localHost, localPort));
    }
}

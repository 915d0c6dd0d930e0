// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Packets with three bytes of length and one sequence number, without TLS and compression. A request starts with number
 * 0, its response with 1.
 */
final class MariaDbProtocol implements Protocol {

    private static final int HEADER = 4;
    private static final int QUERY = 0x03;
    private static final int EXECUTE = 0x17;
    private static final int BULK_EXECUTE = 0xfa;

    /** Quit, send long data, close statement. */
    private static final Set<Integer> UNANSWERED = Set.of(0x01, 0x18, 0x19);

    private final Queue<Integer> commands = new ConcurrentLinkedQueue<>();
    private final MariaDbResponse response = new MariaDbResponse();
    private long unit;
    private int previous;
    private boolean parsed;
    private boolean complete;
    private volatile long session;

    @Override
    public Request readRequest(DataInputStream in) throws IOException {
        byte[] packet = read(in);
        boolean command = number(packet) == 0 && packet.length > HEADER;
        boolean answered = command && !UNANSWERED.contains(packet[HEADER] & 0xff);
        if (answered) {
            commands.add(packet[HEADER] & 0xff);
        }
        return new Request(packet, answered);
    }

    @Override
    public Reply readReply(DataInputStream in) throws IOException {
        byte[] packet = read(in);
        int number = number(packet);
        boolean first = number == 1 && (previous != 0 || complete); // else the 257th packet of a long response
        previous = number;
        if (first) {
            unit++;
            int command = Objects.requireNonNullElse(commands.poll(), 0);
            parsed = command == QUERY || command == EXECUTE || command == BULK_EXECUTE;
            response.begin();
        } else if (unit == 0 && number == 0) {
            session = greeting(packet);
        }
        complete = parsed && response.isComplete(packet, HEADER);
        boolean done = unit > 0 && (!parsed || complete);
        return new Reply(packet, unit, done);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        byte[] header = new byte[HEADER];
        in.readFully(header);
        int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
        byte[] packet = new byte[HEADER + length];
        System.arraycopy(header, 0, packet, 0, HEADER);
        in.readFully(packet, HEADER, length);
        return packet;
    }

    private static int number(byte[] packet) {
        return packet[HEADER - 1] & 0xff;
    }

    /** Version of the protocol, version of the server up to a zero, id of the session. */
    private static long greeting(byte[] packet) {
        int zero = HEADER + 1;
        while (zero < packet.length && packet[zero] != 0) {
            zero++;
        }
        if (zero + Integer.BYTES >= packet.length) {
            return 0; // an error instead of a greeting
        }
        return ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).getInt(zero + 1) & 0xffff_ffffL;
    }

    @Override
    public long session() {
        return session;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Messages with a type and a length, without TLS. A unit ends with Sync, Query or FunctionCall, and its answer with
 * ReadyForQuery; the one of the login is number 0. Its messages are one request: parts of it would already be run while
 * the rest is held.
 */
final class PostgreSqlProtocol implements Protocol {

    private static final Set<Integer> ENCRYPTION_REQUESTS = Set.of(80877103, 80877104);
    private static final String ENDS_UNIT = "QSF";

    /** Parse, Bind, Describe, Execute, Close: nothing is answered before the Sync that follows. */
    private static final String WAITS_FOR_SYNC = "PBDEC";

    private final PostgreSqlStatements statements = new PostgreSqlStatements();
    private volatile boolean started;
    private volatile long session;
    private long unit;

    @Override
    public Request readRequest(DataInputStream in) throws IOException {
        if (!started) {
            byte[] startup = message(in, new byte[0]);
            started = !ENCRYPTION_REQUESTS.contains(ByteBuffer.wrap(startup).getInt(Integer.BYTES));
            return new Request(startup, false);
        }
        var bytes = new ByteArrayOutputStream();
        var text = new ByteArrayOutputStream();
        byte type;
        do {
            type = in.readByte();
            byte[] message = message(in, new byte[] {type});
            bytes.writeBytes(message);
            text.writeBytes(message);
            text.writeBytes(statements.meant(message));
        } while (WAITS_FOR_SYNC.indexOf(type) >= 0);
        return new Request(bytes.toByteArray(), ENDS_UNIT.indexOf(type) >= 0, text.toByteArray());
    }

    @Override
    public Reply readReply(DataInputStream in) throws IOException {
        byte type = in.readByte();
        if (!started) {
            return new Reply(new byte[] {type}, 0, false); // yes or no to a request for encryption
        }
        byte[] message = message(in, new byte[] {type});
        if (type == 'K') {
            session = ByteBuffer.wrap(message).getInt(1 + Integer.BYTES);
        }
        boolean done = type == 'Z';
        return new Reply(message, done ? unit++ : unit, done);
    }

    private static byte[] message(DataInputStream in, byte[] type) throws IOException {
        int length = in.readInt();
        if (length < Integer.BYTES) {
            throw new IOException("Not a PostgreSQL message: length " + length);
        }
        var message = ByteBuffer.allocate(type.length + length).put(type).putInt(length);
        in.readFully(message.array(), message.position(), length - Integer.BYTES);
        return message.array();
    }

    @Override
    public long session() {
        return session;
    }
}

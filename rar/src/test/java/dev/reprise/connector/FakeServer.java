// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Listens where a database is expected, and is none. */
final class FakeServer implements AutoCloseable {

    /** What it does with each connection; it keeps it until the other side has gone, unless it says otherwise. */
    enum Manner {
        /** Closes it at once. */
        CLOSE,
        /** Accepts and says nothing. */
        SILENT,
        HTTP,
        GARBAGE,
        /** The beginning of what a MariaDB says first. */
        HALF_GREETING,
        /** A whole greeting of a MariaDB, and no word after it. */
        GREETING,
        /** The answer of a PostgreSQL that has no TLS, and no word after it. */
        NO_TLS,
        /** The beginning of PostgreSQL's demand for a password. */
        HALF_DEMAND,
        /** As fast as they are taken. */
        ENDLESS,
        /** A byte now and then of a packet that would be long. */
        DRIP
    }

    private static final byte[] GREETING = greeting();

    private final ServerSocket listening;
    private final Manner manner;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FakeServer(Manner manner) {
        this.manner = manner;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    private static void start(Runnable task) {
        var thread = new Thread(task, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Of which the other side has not gone. */
    int connections() {
        return open.size();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            answer(socket.getInputStream(), socket.getOutputStream());
        } catch (IOException e) {
            // the other side has gone
        } finally {
            open.remove(socket);
        }
    }

    private void answer(InputStream in, OutputStream out) throws IOException {
        switch (manner) {
            case CLOSE -> {
                return;
            }
            case SILENT -> {}
            case HTTP ->
                say(out, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            case GARBAGE ->
                say(
                        out,
                        "\u0007\u0000\u0000\u0000garbage\u0000\u0001".repeat(50).getBytes(StandardCharsets.US_ASCII));
            case HALF_GREETING -> out.write(GREETING, 0, 20);
            case GREETING -> say(out, GREETING);
            case NO_TLS -> {
                in.readNBytes(8);
                say(out, new byte[] {'N'});
            }
            case HALF_DEMAND -> {
                in.readNBytes(8);
                say(out, new byte[] {'N', 'R', 0, 0});
            }
            case ENDLESS -> endless(out);
            case DRIP -> drip(in, out);
        }
        in.transferTo(OutputStream.nullOutputStream());
    }

    private static void say(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    private static void endless(OutputStream out) throws IOException {
        var bytes = new byte[8192];
        Arrays.fill(bytes, (byte) 'R');
        while (true) {
            say(out, bytes);
        }
    }

    /** A MariaDB announces a long packet, or a PostgreSQL a long answer. */
    private void drip(InputStream in, OutputStream out) throws IOException {
        say(out, new byte[] {'R', 0x10, 0, 0});
        while (true) {
            in.skipNBytes(Math.min(in.available(), 1000));
            say(out, new byte[] {'0'});
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static byte[] greeting() {
        byte[] version = "\n11.4.5-MariaDB\0".getBytes(StandardCharsets.US_ASCII);
        var rest = new byte[] {
            1,
            0,
            0,
            0,
            'a',
            'b',
            'c',
            'd',
            'e',
            'f',
            'g',
            'h',
            0,
            (byte) 0xfe,
            (byte) 0xf7,
            45,
            2,
            0,
            (byte) 0xff,
            (byte) 0x81,
            21,
            0,
            0,
            0,
            0,
            0,
            0,
            29,
            0,
            0,
            0,
            'a',
            'b',
            'c',
            'd',
            'e',
            'f',
            'g',
            'h',
            'i',
            'j',
            'k',
            'l',
            0
        };
        byte[] plugin = "mysql_native_password\0".getBytes(StandardCharsets.US_ASCII);
        var packet = ByteBuffer.allocate(4 + version.length + rest.length + plugin.length);
        int length = packet.capacity() - 4;
        packet.put(new byte[] {(byte) length, (byte) (length >> 8), 0, 0});
        return packet.put(version).put(rest).put(plugin).array();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

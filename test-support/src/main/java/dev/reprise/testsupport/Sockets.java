// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;

/** Ways to close a socket, whatever state it is in. */
final class Sockets {

    private Sockets() {}

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is unusable, which is what was wanted
        }
    }

    /** The peer sees an end of the stream. */
    static void finish(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // it is not connected any more
        }
        close(socket);
    }

    /** The peer sees a reset. */
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is closed already
        }
        close(socket);
    }
}

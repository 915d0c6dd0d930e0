// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/** A port that can refuse connections without being given up. */
final class Listener implements AutoCloseable {

    private static final int BACKLOG = 200;
    private static final long JOIN_MILLIS = 5_000;

    private final Consumer<Socket> accepted;
    private final int port;
    private ServerSocket listening;
    private Thread acceptor = new Thread();

    /** Bound, but not listening: the system refuses connections, and nobody else can take the port. */
    private Socket reserved = new Socket();

    Listener(Consumer<Socket> accepted) {
        this.accepted = accepted;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
    }

    int port() {
        return port;
    }

    private ServerSocket listen(int wanted) {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), BACKLOG);
            acceptor = Daemon.start("fault-proxy-accept", () -> serve(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on port " + wanted, e);
        }
    }

    private void serve(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                accepted.accept(socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException("Port " + port + " no longer accepts", e);
                }
            }
        }
    }

    synchronized void refuse() {
        if (listening.isClosed()) {
            return;
        }
        try {
            listening.close();
            awaitAcceptor();
            reserved = new Socket();
            reserved.setReuseAddress(true);
            reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot refuse on port " + port, e);
        }
    }

    /** While it is inside accept, the system still listens. */
    private void awaitAcceptor() throws IOException {
        try {
            acceptor.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted");
        }
    }

    synchronized void accept() {
        if (listening.isClosed()) {
            Sockets.close(reserved);
            listening = listen(port);
        }
    }

    @Override
    public synchronized void close() {
        Sockets.close(listening);
        Sockets.close(reserved);
    }
}

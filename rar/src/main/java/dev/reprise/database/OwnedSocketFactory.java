// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Lets a driver connect through sockets that the adapter keeps a hand on, so that a connection can be cut without
 * waiting for a driver's lock. Made by the driver, by its class name, in the thread that connects.
 */
public final class OwnedSocketFactory extends SocketFactory {

    private static final ThreadLocal<@Nullable Socket> MADE = new ThreadLocal<>();

    /** The last socket that a driver made in this thread since this was called last. */
    static Optional<Socket> take() {
        Socket made = MADE.get();
        MADE.remove();
        return Optional.ofNullable(made);
    }

    private static Socket made(Socket socket) {
        MADE.set(socket);
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

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.SocketFactory;

/**
 * Made by a driver, by its class name; makes the sockets that whoever opens a connection wants. Knows nothing but the
 * JDK, since {@link OwnedSockets} defines it again where a driver cannot see it.
 */
public final class OwnedSocketFactory extends SocketFactory {

    /** Inherited, since pgjdbc connects in a thread of its own; emptied afterwards, since such a thread may live on. */
    static final ThreadLocal<AtomicReference<Supplier<Socket>>> MAKER = new InheritableThreadLocal<>();

    @Override
    public Socket createSocket() {
        AtomicReference<Supplier<Socket>> wanted = MAKER.get();
        Supplier<Socket> maker = wanted == null ? null : wanted.get();
        return maker == null ? new Socket() : maker.get();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        Socket socket = createSocket();
        socket.bind(new InetSocketAddress(localHost, localPort));
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        Socket socket = createSocket();
        socket.bind(new InetSocketAddress(localHost, localPort));
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }
}

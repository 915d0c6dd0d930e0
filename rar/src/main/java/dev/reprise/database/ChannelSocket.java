// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Blocking reads and writes over a channel that never blocks, so that one read without waiting tells whether the server
 * has closed it. A write, too, waits for no longer than the timeout. One thread reads, one writes, any may close.
 */
final class ChannelSocket extends SocketImpl {

    private static final Map<Integer, SocketOption<?>> OPTIONS = Map.of(
            SocketOptions.TCP_NODELAY, StandardSocketOptions.TCP_NODELAY,
            SocketOptions.SO_LINGER, StandardSocketOptions.SO_LINGER,
            SocketOptions.SO_KEEPALIVE, StandardSocketOptions.SO_KEEPALIVE,
            SocketOptions.SO_SNDBUF, StandardSocketOptions.SO_SNDBUF,
            SocketOptions.SO_RCVBUF, StandardSocketOptions.SO_RCVBUF,
            SocketOptions.SO_REUSEADDR, StandardSocketOptions.SO_REUSEADDR,
            SocketOptions.IP_TOS, StandardSocketOptions.IP_TOS);

    private final SocketChannel channel;
    private final Readiness readable;
    private final InputStream input = new Input();
    private final OutputStream output = new Output();
    private volatile int timeoutMillis;
    private volatile int givenBack = -1;
    private volatile long heardAt = System.nanoTime();
    private volatile @Nullable Readiness rare;
    private volatile @Nullable Long readUntil;

    ChannelSocket() throws IOException {
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        readable = new Readiness(channel, SelectionKey.OP_READ);
    }

    Liveness liveness() {
        if (givenBack >= 0) {
            return Liveness.ASK;
        }
        var one = ByteBuffer.allocate(1);
        try {
            int read = channel.read(one);
            if (read > 0) {
                givenBack = one.get(0) & 0xff;
            }
            return read == 0 ? Liveness.ALIVE : read > 0 ? Liveness.ASK : Liveness.DEAD;
        } catch (IOException e) {
            return Liveness.DEAD;
        }
    }

    /** When something was last read, by {@link System#nanoTime}. */
    long heardAt() {
        return heardAt;
    }

    /** However much comes, nothing is read any more after this time, by {@link System#nanoTime}; null: no such time. */
    void readUntil(@Nullable Long time) {
        readUntil = time;
    }

    private void checkTime() throws SocketTimeoutException {
        Long until = readUntil;
        if (until != null && heardAt - until > 0) {
            throw new SocketTimeoutException("The server goes on sending, and the connection is not complete");
        }
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var buffer = ByteBuffer.wrap(bytes, offset, length);
            if (length == 0) {
                return 0;
            }
            if (givenBack >= 0) {
                buffer.put((byte) givenBack);
                givenBack = -1;
                return 1;
            }
            try {
                int read = channel.read(buffer);
                while (read == 0) {
                    readable.await(timeoutMillis);
                    read = channel.read(buffer);
                }
                heardAt = System.nanoTime();
                checkTime();
                return read;
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }

        @Override
        public int available() throws IOException {
            return ChannelSocket.this.available();
        }
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            var buffer = ByteBuffer.wrap(bytes, offset, length);
            try {
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        await(SelectionKey.OP_WRITE, timeoutMillis);
                    }
                }
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }
    }

    /** What is seldom waited for has no selector of its own all the time. */
    private void await(int operation, int millis) throws IOException {
        var waiting = new Readiness(channel, operation);
        rare = waiting;
        try {
            if (!channel.isOpen()) {
                throw new SocketException("Socket closed");
            }
            waiting.await(millis);
        } finally {
            rare = null;
            waiting.close();
        }
    }

    private static SocketException closed(ClosedChannelException e) {
        return (SocketException) new SocketException("Socket closed").initCause(e);
    }

    @Override
    protected void create(boolean stream) {
        // it is there already
    }

    @Override
    protected void connect(String host, int newPort) throws IOException {
        connect(new InetSocketAddress(host, newPort), 0);
    }

    @Override
    protected void connect(InetAddress newAddress, int newPort) throws IOException {
        connect(new InetSocketAddress(newAddress, newPort), 0);
    }

    @Override
    protected void connect(SocketAddress remote, int connectMillis) throws IOException {
        if (!(remote instanceof InetSocketAddress internet) || internet.isUnresolved()) {
            throw new UnknownHostException(String.valueOf(remote));
        }
        address = internet.getAddress();
        port = internet.getPort();
        try {
            boolean connected = channel.connect(remote);
            while (!connected) {
                await(SelectionKey.OP_CONNECT, connectMillis);
                connected = channel.finishConnect();
            }
            localport = ((InetSocketAddress) channel.getLocalAddress()).getPort();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    protected void bind(InetAddress local, int newPort) throws IOException {
        channel.bind(new InetSocketAddress(local, newPort));
    }

    @Override
    protected InputStream getInputStream() {
        return input;
    }

    @Override
    protected OutputStream getOutputStream() {
        return output;
    }

    @Override
    protected int available() throws IOException {
        return channel.socket().getInputStream().available() + (givenBack >= 0 ? 1 : 0);
    }

    @Override
    protected void close() throws IOException {
        try {
            channel.close();
        } finally {
            readable.close();
            Readiness waiting = rare;
            if (waiting != null) {
                waiting.close();
            }
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    protected FileDescriptor getFileDescriptor() {
        return new FileDescriptor(); // nobody's business
    }

    @Override
    protected boolean supportsUrgentData() {
        return false;
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("Urgent data is not supported");
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("Not a server's socket");
    }

    @Override
    protected void accept(SocketImpl other) throws IOException {
        throw new SocketException("Not a server's socket");
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
        if (option == SocketOptions.SO_TIMEOUT) {
            timeoutMillis = (Integer) value;
            return;
        }
        try {
            set(known(option), value.equals(false) && option == SocketOptions.SO_LINGER ? -1 : value);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @SuppressWarnings("unchecked") // the caller of a Socket gives the type that belongs to the option
    <T> void set(SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, (T) value);
    }

    @Override
    public Object getOption(int option) throws SocketException {
        try {
            return switch (option) {
                case SocketOptions.SO_TIMEOUT -> timeoutMillis;
                case SocketOptions.SO_BINDADDR -> ((InetSocketAddress) channel.getLocalAddress()).getAddress();
                default -> channel.getOption(known(option));
            };
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static SocketOption<?> known(int option) throws SocketException {
        SocketOption<?> known = OPTIONS.get(option);
        if (known == null) {
            throw new SocketException("Unknown option " + option);
        }
        return known;
    }

    private static SocketException failed(IOException e) {
        return (SocketException) new SocketException(e.getMessage()).initCause(e);
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }
}

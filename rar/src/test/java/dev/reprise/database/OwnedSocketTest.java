// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // set before each test
class OwnedSocketTest {

    private static final Duration BOUND = Duration.ofSeconds(8);

    private ServerSocket listening;
    private OwnedSocket socket;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        socket = new OwnedSocket();
        socket.connect(listening.getLocalSocketAddress(), 5_000);
        server = listening.accept();
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        server.close();
        listening.close();
    }

    private void say(String words) throws IOException {
        server.getOutputStream().write(words.getBytes(UTF_8));
    }

    private void awaitLiveness(Liveness expected) {
        await().atMost(BOUND).until(() -> socket.liveness() == expected);
    }

    /** Reads in another thread. */
    private CompletableFuture<Integer> reading(CompletableFuture<Thread> reader) {
        return CompletableFuture.supplyAsync(() -> {
            reader.complete(Thread.currentThread());
            try {
                int read = socket.getInputStream().read();
                return Thread.interrupted() ? 1_000 + read : read;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitWaiting(CompletableFuture<Thread> reader) throws Exception {
        Thread thread = reader.get(8, TimeUnit.SECONDS);
        await().atMost(BOUND)
                .until(() -> Arrays.stream(thread.getStackTrace())
                        .limit(1)
                        .anyMatch(top -> top.getMethodName().equals("wait")
                                || top.getClassName().contains("EPoll")));
    }

    @Test
    void silenceIsLife() {
        assertThat(socket.liveness()).isEqualTo(Liveness.ALIVE);
        assertThat(socket.liveness()).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void anOrderlyEndIsSeen() throws IOException {
        server.close();
        awaitLiveness(Liveness.DEAD);
    }

    @Test
    void anAbruptEndIsSeen() throws IOException {
        server.setSoLinger(true, 0);
        server.close();
        awaitLiveness(Liveness.DEAD);
    }

    @Test
    void itsOwnEndIsSeen() throws IOException {
        socket.close();
        assertThat(socket.liveness()).isEqualTo(Liveness.DEAD);
    }

    @Test
    void whatTheServerSaysUnaskedIsNotLost() throws IOException {
        say("\u00e4bc");
        awaitLiveness(Liveness.ASK);
        assertThat(socket.liveness()).isEqualTo(Liveness.ASK);
        byte[] said = "\u00e4bc".getBytes(UTF_8);
        await().atMost(BOUND).until(() -> socket.getInputStream().available() == said.length);
        assertThat(socket.getInputStream().readNBytes(said.length)).isEqualTo(said);
        assertThat(socket.liveness()).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void whatTheServerSaysBeforeItGoesIsReadBeforeTheEnd() throws IOException {
        say("x");
        server.close();
        awaitLiveness(Liveness.ASK);
        assertThat(socket.getInputStream().read()).isEqualTo('x');
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void readsWaitForNoLongerThanTheTimeout() throws IOException {
        socket.setSoTimeout(50);
        assertThat(socket.getSoTimeout()).isEqualTo(50);
        assertTimeoutPreemptively(
                BOUND,
                () -> assertThatExceptionOfType(SocketTimeoutException.class)
                        .isThrownBy(() -> socket.getInputStream().read()));
        say("x");
        assertThat(socket.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void writesWaitForNoLongerThanTheTimeout() throws IOException {
        socket.setSoTimeout(50);
        assertTimeoutPreemptively(
                BOUND,
                () -> assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
                    while (true) {
                        socket.getOutputStream().write(new byte[100_000]);
                    }
                }));
    }

    @Test
    void aLotIsWrittenAsTheOtherSideReads() throws Exception {
        var sent = new byte[5_000_000];
        sent[sent.length - 1] = 7;
        var received = CompletableFuture.supplyAsync(() -> {
            try {
                return server.getInputStream().readNBytes(sent.length);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        socket.getOutputStream().write(sent);
        assertThat(received.get(8, TimeUnit.SECONDS)).isEqualTo(sent);
    }

    /** A channel that blocks would be closed by both. */
    @Test
    void anInterruptNeitherClosesItNorIsForgotten() throws Exception {
        say("x");
        Thread.currentThread().interrupt();
        assertThat(socket.getInputStream().read()).isEqualTo('x');
        socket.getOutputStream().write('y');
        assertThat(Thread.interrupted()).isTrue();

        var reader = new CompletableFuture<Thread>();
        CompletableFuture<Integer> read = reading(reader);
        awaitWaiting(reader);
        reader.get().interrupt();
        say("z");
        assertThat(read.get(8, TimeUnit.SECONDS)).isEqualTo(1_000 + 'z');
        assertThat(socket.liveness()).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void oneInterruptedBeforehandConnects() throws IOException {
        Thread.currentThread().interrupt();
        try (var other = new OwnedSocket()) {
            other.connect(listening.getLocalSocketAddress(), 5_000);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(other.isConnected()).isTrue();
        }
    }

    @Test
    void closingEndsARead() throws Exception {
        var reader = new CompletableFuture<Thread>();
        CompletableFuture<Integer> read = reading(reader);
        awaitWaiting(reader);
        socket.close();
        assertThatThrownBy(() -> read.get(8, TimeUnit.SECONDS))
                .hasStackTraceContaining("java.net.SocketException: Socket closed");
    }

    @Test
    void closingEndsAWrite() throws Exception {
        var began = new CountDownLatch(1);
        CompletableFuture<Throwable> write = CompletableFuture.supplyAsync(() -> {
            try {
                while (true) {
                    socket.getOutputStream().write(new byte[1_000_000]);
                    began.countDown();
                }
            } catch (IOException e) {
                return e;
            }
        });
        assertThat(began.await(8, TimeUnit.SECONDS)).isTrue();
        socket.close();
        assertThat(write.get(8, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
    }

    @Test
    void endingTheInputEndsARead() throws Exception {
        var reader = new CompletableFuture<Thread>();
        CompletableFuture<Integer> read = reading(reader);
        awaitWaiting(reader);
        socket.shutdownInput();
        assertThat(read.get(8, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @Test
    void failsToConnectAsAnyOther() throws IOException {
        var nobody = listening.getLocalSocketAddress();
        listening.close();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new OwnedSocket().connect(nobody, 5_000));
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() ->
                        new OwnedSocket().connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1), 5_000));
    }

    @Test
    void knowsItsOptionsAndAddresses() throws IOException {
        socket.setKeepAlive(true);
        assertThat(socket.getKeepAlive()).isTrue();
        socket.setTcpNoDelay(true);
        assertThat(socket.getTcpNoDelay()).isTrue();
        socket.setSoLinger(true, 3);
        assertThat(socket.getSoLinger()).isEqualTo(3);
        socket.setSoLinger(false, 0);
        assertThat(socket.getSoLinger()).isEqualTo(-1);
        assertThat(socket.getPort()).isEqualTo(listening.getLocalPort());
        assertThat(socket.getLocalPort()).isEqualTo(server.getPort());
        assertThat(socket.getInetAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(socket.getLocalAddress()).isEqualTo(InetAddress.getLoopbackAddress());
        assertThat(socket.supportedOptions().stream()
                        .filter(option -> option.name().equals("TCP_KEEPIDLE"))
                        .map(this::value))
                .containsExactly(60);
    }

    private Object value(java.net.SocketOption<?> option) {
        try {
            return socket.getOption(option);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

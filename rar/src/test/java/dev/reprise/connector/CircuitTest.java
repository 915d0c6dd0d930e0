// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CircuitTest {

    private static final String DOWN = "08001";

    private final Circuit circuit = new Circuit(e -> DOWN.equals(e.getSQLState()), () -> 1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger attempts = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean down = true;
    private Logged logged;

    @BeforeEach
    void listen() {
        logged = new Logged();
    }

    @AfterEach
    void stop() {
        released.countDown();
        threads.shutdownNow();
        logged.close();
    }

    private String connect() throws SQLException {
        attempts.incrementAndGet();
        if (down) {
            throw new SQLException("nobody listens", DOWN);
        }
        return "connected";
    }

    private String connectSlowly() throws SQLException {
        attempts.incrementAndGet();
        boolean itWasDown = down;
        try {
            released.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
        if (itWasDown) {
            throw new SQLException("it did not answer", DOWN);
        }
        return "connected";
    }

    private void fails() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> circuit.run(this::connect))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo(DOWN));
    }

    private CompletableFuture<String> start(Circuit.Attempt<String> attempt) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return circuit.run(attempt);
                    } catch (SQLException e) {
                        return String.valueOf(e.getMessage());
                    }
                },
                threads);
    }

    private List<CompletableFuture<String>> startMany(int count) {
        var started = new ArrayList<CompletableFuture<String>>();
        for (int i = 0; i < count; i++) {
            started.add(start(this::connect));
        }
        return started;
    }

    private void awaitAttempts(int count) {
        await().until(() -> attempts.get() >= count);
    }

    @Test
    void whileTheServerIsDownFewTryAndAllAreTold() throws Exception {
        fails();
        List<CompletableFuture<String>> all = startMany(100);
        for (CompletableFuture<String> each : all) {
            assertThat(each.get(8, TimeUnit.SECONDS)).isEqualTo("nobody listens");
        }
        assertThat(attempts.get()).isLessThan(20);
        assertThat(logged.count("REPRISE0016")).isEqualTo(1);
    }

    @Test
    void onceItIsBackNobodyIsToldThatItIsDown() throws Exception {
        fails();
        fails();
        down = false;
        for (CompletableFuture<String> each : startMany(50)) {
            assertThat(each.get(8, TimeUnit.SECONDS)).isEqualTo("connected");
        }
        assertThat(logged.count("REPRISE0017")).isEqualTo(1);
    }

    @Test
    void whoComesAfterAnAttemptBeganIsNotToldOfItsFailure() throws Exception {
        fails();
        CompletableFuture<String> slow = start(this::connectSlowly);
        awaitAttempts(2);
        CompletableFuture<String> later = start(this::connect);
        down = false;
        released.countDown();
        assertThat(slow.get(8, TimeUnit.SECONDS)).isEqualTo("it did not answer");
        assertThat(later.get(8, TimeUnit.SECONDS)).isEqualTo("connected");
    }

    /** It may have been sent while the link swallowed everything, and will not come back. */
    @Test
    void anAttemptThatHangsKeepsNobodyFromFindingTheServerBack() throws Exception {
        fails();
        CompletableFuture<String> slow = start(this::connectSlowly);
        awaitAttempts(2);
        down = false;
        assertThat(start(this::connect).get(8, TimeUnit.SECONDS)).isEqualTo("connected");
        assertThat(slow.isDone()).isFalse();
    }

    @Test
    void aServerThatRefusesOneCallerIsNotDown() throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> circuit.run(() -> {
                    throw new SQLException("wrong password", "28000");
                }));
        down = false;
        assertThat(circuit.run(this::connect)).isEqualTo("connected");
        assertThat(logged.messages()).isEmpty();
    }

    @Test
    void anInterruptedCallerTriesItself() throws SQLException {
        fails();
        down = false;
        Thread.currentThread().interrupt();
        assertThat(circuit.run(this::connect)).isEqualTo("connected");
        assertThat(Thread.interrupted()).isTrue();
    }
}

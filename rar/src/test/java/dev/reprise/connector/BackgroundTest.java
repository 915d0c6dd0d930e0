// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundTest {

    private static final Duration BOUND = Duration.ofSeconds(8);

    private final Background background = new Background();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void stop() {
        released.countDown();
        background.stop();
    }

    private void block() {
        try {
            released.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread threadOfATask() throws Exception {
        var thread = new CompletableFuture<Thread>();
        background.execute(() -> thread.complete(Thread.currentThread()));
        return thread.get(8, TimeUnit.SECONDS);
    }

    @Test
    void runsElsewhereInAThreadThatDoesNotKeepTheJvmAlive() throws Exception {
        Thread thread = threadOfATask();
        assertThat(thread).isNotSameAs(Thread.currentThread());
        assertThat(thread.isDaemon()).isTrue();
        assertThat(thread.getName()).isEqualTo("reprise-close");
    }

    @Test
    void nobodyWaitsForTasksThatHang() {
        assertTimeoutPreemptively(BOUND, () -> {
            background.execute(this::block);
            background.execute(this::block);
            for (int i = 0; i < 100; i++) {
                background.execute(ran::incrementAndGet);
            }
        });
        assertThat(ran).hasValue(0);
        released.countDown();
        await().atMost(BOUND).until(() -> ran.get() == 100);
    }

    @Test
    void saysThatATaskFailedAndGoesOn() throws Exception {
        try (var logged = new Logged()) {
            background.execute(() -> {
                throw new IllegalStateException("the driver's");
            });
            threadOfATask();
            threadOfATask();
            await().atMost(BOUND).until(() -> logged.count("REPRISE0006") == 1);
        }
    }

    @Test
    void saysThatTooManyAreWaiting() {
        try (var logged = new Logged()) {
            for (int i = 0; i < 10_010; i++) {
                background.execute(this::block);
            }
            assertThat(logged.count("REPRISE0006")).isGreaterThan(0);
        }
    }

    @Test
    void itsThreadsEndWithTheAdapter() throws Exception {
        Thread thread = threadOfATask();
        background.stop();
        await().atMost(BOUND).until(() -> !thread.isAlive());
    }

    @Test
    void whatWaitsWhenTheAdapterStopsIsStillDone() {
        for (int i = 0; i < 3; i++) {
            background.execute(this::block);
        }
        background.execute(ran::incrementAndGet);
        background.stop();
        released.countDown();
        await().atMost(BOUND).until(() -> ran.get() == 1);
    }

    @Test
    void afterTheAdapterHasStoppedTheCallerDoesItItself() {
        background.stop();
        var thread = new CompletableFuture<Thread>();
        background.execute(() -> thread.complete(Thread.currentThread()));
        assertThat(thread.getNow(null)).isSameAs(Thread.currentThread());
        assertThatNoException()
                .isThrownBy(() -> background.execute(() -> {
                    throw new IllegalStateException("the driver's");
                }));
    }
}

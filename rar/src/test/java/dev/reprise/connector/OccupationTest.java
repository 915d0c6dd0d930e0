// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OccupationTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Occupation occupation = new Occupation();

    @Test
    void oneThatIsUsedIsNotKeptAlive() {
        assertThat(occupation.use(LONG)).isTrue();
        assertThat(occupation.keepAlive()).isFalse();
        occupation.pool();
        assertThat(occupation.keepAlive()).isTrue();
        assertThat(occupation.keepAlive()).isFalse();
    }

    @Test
    void whoeverWantsItWaitsUntilItIsKeptAlive() throws Exception {
        occupation.keepAlive();
        var thread = new CompletableFuture<Thread>();
        CompletableFuture<Boolean> used = CompletableFuture.supplyAsync(() -> {
            thread.complete(Thread.currentThread());
            return occupation.use(LONG);
        });
        await().until(() -> thread.get().getState() == Thread.State.TIMED_WAITING);
        occupation.keptAlive();
        assertThat(used.get(8, TimeUnit.SECONDS)).isTrue();
        assertThat(occupation.isUsed()).isTrue();
        assertThat(occupation.keepAlive()).isFalse();
    }

    @Test
    void nobodyWaitsWithoutABound() {
        occupation.keepAlive();
        assertThat(occupation.use(Duration.ofMillis(10))).isFalse();
        occupation.keptAlive();
        assertThat(occupation.isUsed()).isTrue();
    }

    @Test
    void anInterruptIsNotForgotten() {
        occupation.keepAlive();
        Thread.currentThread().interrupt();
        assertThat(occupation.use(Duration.ofMillis(10))).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }
}

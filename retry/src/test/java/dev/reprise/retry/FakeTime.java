// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.util.ArrayList;
import java.util.List;

/** Time that passes only by sleeping, or when told. */
final class FakeTime {
    final List<Long> sleeps = new ArrayList<>();
    private long nowNanos = -5; // nanoTime may be negative

    Time time() {
        return new Time(() -> nowNanos, this::sleep, () -> 0.5);
    }

    void passMillis(long millis) {
        nowNanos += millis * 1_000_000;
    }

    private void sleep(long millis) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        sleeps.add(millis);
        passMillis(millis);
    }
}

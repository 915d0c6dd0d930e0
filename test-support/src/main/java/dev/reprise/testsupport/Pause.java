// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Requests are held back until {@link #release}, so that a test can act exactly here. Thread-safe. */
public final class Pause extends Trigger {

    /** A link that nobody releases is reset after this time. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private final CountDownLatch released = new CountDownLatch(1);

    Pause(RequestFault fault) {
        super(fault, FaultKind.PAUSE_BEFORE);
    }

    /** @throws IllegalStateException if no request has come in time */
    public void awaitReached(Duration timeout) {
        awaitHit(timeout);
    }

    /** Lets everything go that is held and that comes later. */
    public void release() {
        disarm();
    }

    @Override
    void disarm() {
        super.disarm();
        released.countDown();
    }

    /** @return whether it was released in time */
    boolean hold() throws InterruptedException {
        return released.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}

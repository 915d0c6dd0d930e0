// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Who has a connection: the pool, whoever keeps it alive there, or an application. Thread-safe. */
final class Occupation {

    private enum State {
        POOLED,
        KEPT_ALIVE,
        USED
    }

    private volatile State state = State.POOLED;

    /**
     * For an application; one that is being kept alive is waited for.
     *
     * @return false if that took too long
     */
    boolean use(Duration patience) {
        return state == State.USED || awaitUse(patience);
    }

    private synchronized boolean awaitUse(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        for (long left = patience.toNanos(); state == State.KEPT_ALIVE && left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                interrupted = true; // the wait is short
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        boolean free = state != State.KEPT_ALIVE;
        state = State.USED;
        return free;
    }

    synchronized boolean isUsed() {
        return state == State.USED;
    }

    /** It lies in the pool from now on. */
    synchronized void pool() {
        state = State.POOLED;
    }

    /** @return whether it lies in the pool and is now the caller's, who says {@link #keptAlive} in the end */
    synchronized boolean keepAlive() {
        if (state != State.POOLED) {
            return false;
        }
        state = State.KEPT_ALIVE;
        return true;
    }

    synchronized void keptAlive() {
        if (state == State.KEPT_ALIVE) {
            state = State.POOLED;
        }
        notifyAll();
    }

    synchronized boolean isKeptAlive() {
        return state == State.KEPT_ALIVE;
    }
}

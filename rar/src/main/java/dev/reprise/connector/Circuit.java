// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps callers from hammering a server that cannot be reached: from the first failure on, an attempt is made from time
 * to time by one of them, and the others wait for what it finds. Nobody is told of an attempt that began before he came,
 * so that nobody is refused for what is over. Thread-safe; nothing is locked while somebody tries.
 */
final class Circuit {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Predicate<SQLException> unreachable;
    private final DoubleSupplier random;
    private @Nullable SQLException failure;
    private long failedSince;
    private long lastBegan;
    private long nextAttempt;
    private Duration pause = SHORTEST_PAUSE;

    /** @param random from 0 to 1 */
    Circuit(Predicate<SQLException> unreachable, DoubleSupplier random) {
        this.unreachable = unreachable;
        this.random = random;
    }

    /** Something that reaches the server, or fails. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws SQLException;
    }

    <T> T run(Attempt<T> attempt) throws SQLException {
        long began = awaitTurn();
        try {
            T result = attempt.run();
            reached();
            return result;
        } catch (SQLException e) {
            if (unreachable.test(e)) {
                failed(began, e);
            } else {
                reached();
            }
            throw e;
        }
    }

    /** @return when the caller's own attempt begins */
    private synchronized long awaitTurn() throws SQLException {
        long arrived = System.nanoTime();
        while (failure != null) {
            long left = nextAttempt - System.nanoTime();
            if (lastBegan - arrived > 0) {
                throw new SQLException(failure.getMessage(), failure.getSQLState(), failure.getErrorCode(), failure);
            }
            if (left <= 0) {
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                pauseBeforeTheNext();
                break;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return System.nanoTime();
    }

    private void pauseBeforeTheNext() {
        nextAttempt = System.nanoTime() + (long) (pause.toNanos() * (0.5 + random.getAsDouble() / 2));
    }

    private synchronized void failed(long began, SQLException e) {
        if (failure == null) {
            failedSince = began;
            lastBegan = began;
            pauseBeforeTheNext();
            LOG.unreachable(e);
        }
        if (began - lastBegan > 0) {
            lastBegan = began;
        }
        failure = e;
        notifyAll();
    }

    private synchronized void reached() {
        if (failure != null) {
            LOG.reachedAgain(Duration.ofNanos(System.nanoTime() - failedSince).toMillis());
            failure = null;
            pause = SHORTEST_PAUSE;
            notifyAll();
        }
    }
}

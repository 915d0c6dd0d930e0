// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One attempt in one transaction of its own: begun here, ended here, and its end seen here. For one call, one thread. */
final class OwnTransaction {
    private final String name;
    private final UserTransaction transaction;
    private final int timeoutSeconds;
    private final Time time;

    OwnTransaction(String name, UserTransaction transaction, int timeoutSeconds, Time time) {
        this.name = name;
        this.transaction = transaction;
        this.timeoutSeconds = timeoutSeconds;
        this.time = time;
    }

    <T extends @Nullable Object> Attempt<T> run(Callable<T> work) throws SystemException, NotSupportedException {
        long begun = time.nanos().getAsLong();
        begin();
        T value;
        try {
            value = work.call();
        } catch (Throwable thrown) { // Errors must roll back as well
            return thrown(thrown, begun);
        }
        return returned(value);
    }

    private void begin() throws SystemException, NotSupportedException {
        if (timeoutSeconds == 0) {
            transaction.begin();
            return;
        }
        transaction.setTransactionTimeout(timeoutSeconds);
        try {
            transaction.begin();
        } finally {
            transaction.setTransactionTimeout(0); // for what this thread begins next
        }
    }

    private <T extends @Nullable Object> Attempt<T> returned(T value) throws SystemException {
        int status = transaction.getStatus();
        return switch (status) {
            case Status.STATUS_ACTIVE -> commit(new Attempt.Returned<>(value));
            case Status.STATUS_MARKED_ROLLBACK ->
                rolledBack(" returned, but its transaction had been marked rollback-only meanwhile"
                        + " (setRollbackOnly, or an exception that was caught), and has been rolled back");
            case Status.STATUS_NO_TRANSACTION ->
                new Attempt.Failed<>(
                        new IllegalStateException(name + " ended the transaction that it was run in;"
                                + " leave commit and rollback to the retry"),
                        false);
            default -> rolledBack(" returned after its transaction had been rolled back, as a timeout does");
        };
    }

    private <T extends @Nullable Object> Attempt<T> rolledBack(String why) {
        RollbackException failure = new RollbackException(name + why);
        rollBack(failure);
        return new Attempt.Failed<>(failure, false);
    }

    private <T extends @Nullable Object> Attempt<T> thrown(Throwable thrown, long begun) throws SystemException {
        int status = transaction.getStatus();
        boolean running = status == Status.STATUS_ACTIVE || status == Status.STATUS_MARKED_ROLLBACK;
        if (status == Status.STATUS_ACTIVE && !RollbackRule.rollsBack(thrown)) {
            return commit(new Attempt.Failed<>(thrown, false));
        }
        boolean seen = rollBack(thrown);
        if (running && !seen) {
            return unknown(thrown); // as when a resource has committed on its own
        }
        boolean timedOut = !running || (timeoutSeconds > 0 && time.millisSince(begun) >= timeoutSeconds * 1_000L);
        return judged(thrown, !timedOut);
    }

    /** Commits, and then the outcome is what the method's own was. */
    private <T extends @Nullable Object> Attempt<T> commit(Attempt<T> outcome) {
        try {
            transaction.commit();
            return outcome;
        } catch (Throwable failure) { // whatever interrupts a commit leaves its outcome to be found out
            if (outcome instanceof Attempt.Failed<T> own) {
                Causes.suppress(own.failure(), failure);
            }
            boolean ended = rollBack(failure);
            return failure instanceof RollbackException || failure instanceof HeuristicRollbackException
                    ? judged(failure, ended)
                    : unknown(failure);
        }
    }

    private <T extends @Nullable Object> Attempt<T> judged(Throwable failure, boolean certain) {
        return switch (Verdict.of(failure)) {
            case RETRY -> new Attempt.Failed<>(failure, certain);
            case FINAL -> new Attempt.Failed<>(failure, false);
            case UNKNOWN -> unknown(failure);
        };
    }

    private <T extends @Nullable Object> Attempt<T> unknown(Throwable failure) {
        return new Attempt.Failed<>(Unknown.outcomeOf(name, failure), false);
    }

    /** Rolls back what is still there. Returns whether that was seen; what went wrong is added to the failure. */
    private boolean rollBack(Throwable failure) {
        try {
            if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
                transaction.rollback();
            }
            return transaction.getStatus() == Status.STATUS_NO_TRANSACTION;
        } catch (SystemException | RuntimeException unseen) {
            failure.addSuppressed(unseen);
            return false;
        }
    }
}

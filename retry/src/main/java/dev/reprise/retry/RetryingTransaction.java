// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RetryTransaction} does, for code without annotations:
 * {@code RetryingTransaction.with(RetryPolicy.DEFAULT).call("transfer", () -> transfer(from, to))}.
 * Immutable; thread-safe if the listener is.
 */
public final class RetryingTransaction {
    private final Retries retries;
    private final @Nullable UserTransaction given;

    RetryingTransaction(Retries retries, @Nullable UserTransaction given) {
        this.retries = retries;
        this.given = given;
    }

    /** With the server's {@link UserTransaction}, looked up in JNDI for each call. */
    public static RetryingTransaction with(RetryPolicy policy) {
        return new RetryingTransaction(new Retries(policy, Time.SYSTEM, retried -> {}), null);
    }

    public static RetryingTransaction with(RetryPolicy policy, UserTransaction transaction) {
        return new RetryingTransaction(new Retries(policy, Time.SYSTEM, retried -> {}), transaction);
    }

    /** Tells the listener of each retry before it begins. What the listener throws is logged. */
    public RetryingTransaction withListener(Consumer<TransactionRetried> listener) {
        return new RetryingTransaction(new Retries(retries.policy(), retries.time(), listener), given);
    }

    /**
     * Calls the work in a transaction of its own, again if {@link RetryTransaction} says so; within a transaction, once.
     *
     * @param name for messages
     * @throws TransactionOutcomeUnknownException if nobody can tell whether the commit happened
     * @throws jakarta.transaction.RollbackException if the commit failed, or the work returned with the transaction
     *     marked rollback-only; nothing is stored
     * @throws Exception otherwise what the last attempt threw, with the failures of the earlier ones suppressed
     */
    public <T extends @Nullable Object> T call(String name, Callable<T> work) throws Exception {
        UserTransaction transaction = given == null ? ServerTransaction.lookUp() : given;
        if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            return joined(transaction, work);
        }
        OwnTransaction own =
                new OwnTransaction(name, transaction, retries.policy().timeoutSeconds(), retries.time());
        return retries.run(name, () -> own.run(work));
    }

    /** Somebody else's transaction: never repeated, and not to be committed by somebody who caught the exception. */
    private static <T extends @Nullable Object> T joined(UserTransaction transaction, Callable<T> work)
            throws Exception {
        try {
            return work.call();
        } catch (Throwable thrown) { // rethrown
            if (RollbackRule.rollsBack(thrown)) {
                markRollbackOnly(transaction, thrown);
            }
            throw thrown;
        }
    }

    private static void markRollbackOnly(UserTransaction transaction, Throwable thrown) {
        try {
            if (transaction.getStatus() == Status.STATUS_ACTIVE) {
                transaction.setRollbackOnly();
            }
        } catch (SystemException | RuntimeException failure) {
            thrown.addSuppressed(failure);
        }
    }
}

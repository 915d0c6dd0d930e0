// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Tells {@link RetryContainerInterceptor}, which runs outside the container's transaction, what happened inside. To be
 * bound as an ordinary interceptor to the same beans.
 */
public class TransactionWitness implements Serializable {
    private static final long serialVersionUID = 1;
    static final String KEY = TransactionWitness.class.getName();

    /** What a witness saw. For one thread. */
    static final class Testimony {
        boolean arrived;
        boolean inTransaction;
        boolean timedOut;

        @Nullable Throwable thrown;

        /** The bean threw something for which the container rolls back the transaction that it had begun for the bean. */
        boolean containerRollsBack() {
            return inTransaction && !timedOut && thrown != null && RollbackRule.isSystemException(thrown);
        }
    }

    /** Changes nothing. */
    @AroundInvoke
    public @Nullable Object watch(InvocationContext context) throws Exception {
        if (!(context.getContextData().get(KEY) instanceof Testimony testimony)) {
            return context.proceed();
        }
        UserTransaction transaction = ServerTransaction.lookUp();
        testimony.arrived = true;
        testimony.inTransaction = transaction.getStatus() == Status.STATUS_ACTIVE;
        try {
            return context.proceed();
        } catch (Throwable thrown) { // rethrown
            int status = transaction.getStatus();
            testimony.timedOut = status != Status.STATUS_ACTIVE && status != Status.STATUS_MARKED_ROLLBACK;
            testimony.thrown = thrown;
            throw thrown;
        }
    }
}

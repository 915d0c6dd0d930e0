// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the method in a transaction of its own and, when that is certainly rolled back and worth it, again in a new one.
 * Total attempts = 1 + {@link #maxRetries}.
 *
 * <p>For CDI beans as it is; a {@code @Stateless} bean must also say {@code @TransactionAttribute(SUPPORTS)}. Called
 * within a transaction, the method joins it and is never run again: only the owner of a transaction may repeat it.
 *
 * <p>A call that returns has been committed; if the method returns but its transaction was marked rollback-only or timed
 * out, the caller gets a {@link jakarta.transaction.RollbackException}. An exception that names a lost or refused
 * connection, a deadlock or a serialization failure is retried. Lock timeouts are not: they have already waited for as
 * long as somebody allowed. Exceptions with an {@link java.sql.SQLException} among their causes always roll back; for
 * the others the defaults of Jakarta Transactions hold: unchecked rolls back, checked commits, unless an
 * {@link jakarta.ejb.ApplicationException} says otherwise.
 *
 * <p>When nobody can tell whether the commit happened, the caller gets a {@link TransactionOutcomeUnknownException} and
 * nothing is repeated.
 *
 * <p>The attempts run on the same bean instance, so it must not keep state of an attempt. Calls from within the bean
 * ({@code this.method()}) are seen by no interceptor.
 */
@Documented
@Inherited
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface RetryTransaction {

    /** How often to try again after the first attempt, 0 to 1000; total attempts = 1 + maxRetries. */
    @Nonbinding
    int maxRetries() default 3;

    /** Milliseconds before the first retry, 0 or more. */
    @Nonbinding
    long delayMillis() default 200;

    /** What the delay is multiplied by for each further retry, 1 (always the same delay) to 10. */
    @Nonbinding
    double multiplier() default 2;

    /** No delay is longer than this many milliseconds; not less than {@link #delayMillis}. */
    @Nonbinding
    long maxDelayMillis() default 5_000;

    /** By how many per cent a delay is lengthened or shortened at random, 0 to 100, so that losers do not meet again. */
    @Nonbinding
    int jitterPercent() default 50;

    /** No retry begins later than this many milliseconds after the first attempt began, delays included; at least 1. */
    @Nonbinding
    long maxDurationMillis() default 30_000;

    /** Timeout of each transaction in seconds; 0 is the server's default. A timed-out transaction is not retried. */
    @Nonbinding
    int timeoutSeconds() default 0;
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The loop over attempts: counts, waits, logs. Immutable and thread-safe if the listener is. */
record Retries(RetryPolicy policy, Time time, Consumer<TransactionRetried> listener) {
    private static final Logger LOG = System.getLogger("dev.reprise.retry");

    /** @throws Exception the last attempt's failure, the earlier ones suppressed; may be an Error */
    <T extends @Nullable Object> T run(String name, Callable<Attempt<T>> attempts) throws Exception {
        long started = time.nanos().getAsLong();
        List<Throwable> failures = new ArrayList<>();
        while (true) {
            Attempt<T> attempt = attempts.call();
            if (attempt instanceof Attempt.Returned<T> returned) {
                return returned.value();
            }
            Attempt.Failed<T> failed = (Attempt.Failed<T>) attempt;
            failures.add(failed.failure());
            if (!failed.again() || !prepared(name, failures, started)) {
                throw last(name, failures);
            }
        }
    }

    /** Waits before the next attempt; false if there must not be one. */
    private boolean prepared(String name, List<Throwable> failures, long started) {
        int retry = failures.size();
        Throwable cause = failures.get(retry - 1);
        if (retry > policy.maxRetries()) {
            return givenUp(name, retry, "maxRetries is " + policy.maxRetries(), cause);
        }
        long delay = policy.delayBefore(retry, time.random());
        if (delay > policy.maxDurationMillis() - time.millisSince(started)) {
            return givenUp(name, retry, outOfTime(started), cause);
        }
        LOG.log(
                Level.INFO,
                () -> "REPRISE-R1: " + name + ": attempt " + retry + " of " + (1 + policy.maxRetries())
                        + " was rolled back (" + brief(cause) + "); the next one begins in " + delay + " ms");
        LOG.log(Level.DEBUG, () -> "REPRISE-R1: " + name + ": why attempt " + retry + " was rolled back", cause);
        try {
            time.sleep().millis(delay);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return givenUp(name, retry, "the thread was interrupted", cause);
        }
        if (time.millisSince(started) > policy.maxDurationMillis()) {
            return givenUp(name, retry, outOfTime(started), cause);
        }
        tell(new TransactionRetried(name, retry, policy.maxRetries(), delay, cause));
        return true;
    }

    private String outOfTime(long started) {
        return "maxDurationMillis is " + policy.maxDurationMillis() + " and " + time.millisSince(started)
                + " have passed";
    }

    private boolean givenUp(String name, int attempts, String why, Throwable cause) {
        LOG.log(
                Level.WARNING,
                () -> "REPRISE-R2: " + name + ": given up after attempt " + attempts + ", which was rolled back ("
                        + brief(cause) + "): " + why);
        return false;
    }

    private void tell(TransactionRetried event) {
        try {
            listener.accept(event);
        } catch (RuntimeException failure) { // an observer must not decide whether a transaction is run again
            LOG.log(Level.WARNING, "REPRISE-R3: an observer of TransactionRetried failed", failure);
        }
    }

    private static RuntimeException last(String name, List<Throwable> failures) {
        Throwable last = failures.get(failures.size() - 1);
        failures.forEach(earlier -> Causes.suppress(earlier, last));
        if (last instanceof TransactionOutcomeUnknownException) {
            LOG.log(Level.ERROR, () -> "REPRISE-R4: " + name + ": " + last.getMessage());
        }
        return Retries.<RuntimeException>asItIs(last);
    }

    /** A business method's checked exception reaches its caller unwrapped. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** The class at the top, and the SQLException below it that matters. */
    private static String brief(Throwable cause) {
        return cause.getClass().getSimpleName()
                + Causes.of(cause).of(SQLException.class).stream()
                        .filter(sql -> SqlFault.of(sql).worthRetrying)
                        .findFirst()
                        .map(sql -> ", " + SqlFault.of(sql) + ", SQLState " + sql.getSQLState() + ", vendor code "
                                + sql.getErrorCode())
                        .orElse("");
    }
}

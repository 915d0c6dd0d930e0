// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * How often, after which delay and for how long a transaction is tried again; immutable. Total attempts = 1 + maxRetries.
 * The components mean what the attributes of {@link RetryTransaction} of the same name mean.
 */
public record RetryPolicy(
        int maxRetries,
        long delayMillis,
        double multiplier,
        long maxDelayMillis,
        int jitterPercent,
        long maxDurationMillis,
        int timeoutSeconds) {

    /** The defaults of {@link RetryTransaction}. */
    public static final RetryPolicy DEFAULT = of(Defaults.class.getAnnotation(RetryTransaction.class));

    /** @throws IllegalArgumentException naming the value and what is allowed */
    public RetryPolicy {
        check("maxRetries", maxRetries, 0, 1_000);
        check("delayMillis", delayMillis, 0, Long.MAX_VALUE);
        if (!(multiplier >= 1 && multiplier <= 10)) {
            throw new IllegalArgumentException("multiplier is " + multiplier + ", allowed is 1 to 10");
        }
        if (maxDelayMillis < delayMillis) {
            throw new IllegalArgumentException(
                    "maxDelayMillis is " + maxDelayMillis + ", allowed is delayMillis (" + delayMillis + ") or more");
        }
        check("jitterPercent", jitterPercent, 0, 100);
        check("maxDurationMillis", maxDurationMillis, 1, Long.MAX_VALUE);
        check("timeoutSeconds", timeoutSeconds, 0, Integer.MAX_VALUE);
    }

    /** @throws IllegalArgumentException naming the attribute and what is allowed */
    public static RetryPolicy of(RetryTransaction annotation) {
        return new RetryPolicy(
                annotation.maxRetries(),
                annotation.delayMillis(),
                annotation.multiplier(),
                annotation.maxDelayMillis(),
                annotation.jitterPercent(),
                annotation.maxDurationMillis(),
                annotation.timeoutSeconds());
    }

    /** What is written on the method, else on the given type, else on the type that declares the method. */
    static Optional<RetryPolicy> writtenOn(Method method, Class<?> type) {
        return Stream.of(method, type, method.getDeclaringClass())
                .map(element -> element.getAnnotation(RetryTransaction.class))
                .filter(Objects::nonNull)
                .findFirst()
                .map(RetryPolicy::of);
    }

    public RetryPolicy withMaxRetries(int retries) {
        return new RetryPolicy(
                retries, delayMillis, multiplier, maxDelayMillis, jitterPercent, maxDurationMillis, timeoutSeconds);
    }

    /** Delays from {@code first}, multiplied for each further retry, up to {@code longest} milliseconds. */
    public RetryPolicy withDelayMillis(long first, double factor, long longest) {
        return new RetryPolicy(maxRetries, first, factor, longest, jitterPercent, maxDurationMillis, timeoutSeconds);
    }

    public RetryPolicy withJitterPercent(int percent) {
        return new RetryPolicy(
                maxRetries, delayMillis, multiplier, maxDelayMillis, percent, maxDurationMillis, timeoutSeconds);
    }

    public RetryPolicy withMaxDurationMillis(long millis) {
        return new RetryPolicy(
                maxRetries, delayMillis, multiplier, maxDelayMillis, jitterPercent, millis, timeoutSeconds);
    }

    public RetryPolicy withTimeoutSeconds(int seconds) {
        return new RetryPolicy(
                maxRetries, delayMillis, multiplier, maxDelayMillis, jitterPercent, maxDurationMillis, seconds);
    }

    /** Milliseconds to wait before the given retry, counted from 1; {@code random} yields 0 (inclusive) to 1. */
    long delayBefore(int retry, DoubleSupplier random) {
        double delay = Math.min(delayMillis * Math.pow(multiplier, retry - 1), (double) maxDelayMillis);
        double spread = (2 * random.getAsDouble() - 1) * jitterPercent / 100;
        return Math.min(Math.round(delay * (1 + spread)), maxDelayMillis);
    }

    private static void check(String name, long value, long min, long max) {
        if (value < min || value > max) {
            boolean open = max == Long.MAX_VALUE || max == Integer.MAX_VALUE;
            throw new IllegalArgumentException(
                    name + " is " + value + ", allowed is " + min + (open ? " or more" : " to " + max));
        }
    }

    @RetryTransaction
    private static final class Defaults {}
}

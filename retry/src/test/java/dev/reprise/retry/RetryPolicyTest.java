// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RetryPolicyTest {
    private static final RetryPolicy DEFAULT = RetryPolicy.DEFAULT;

    @Test
    void defaultsAreThoseOfTheAnnotation() {
        assertThat(DEFAULT).isEqualTo(new RetryPolicy(3, 200, 2, 5_000, 50, 30_000, 0));
    }

    static Stream<Arguments> invalid() {
        return Stream.of(
                refused(() -> DEFAULT.withMaxRetries(-1), "maxRetries is -1, allowed is 0 to 1000"),
                refused(() -> DEFAULT.withMaxRetries(1_001), "maxRetries is 1001, allowed is 0 to 1000"),
                refused(() -> DEFAULT.withDelayMillis(-1, 2, 5), "delayMillis is -1, allowed is 0 or more"),
                refused(() -> DEFAULT.withDelayMillis(1, 0.5, 5), "multiplier is 0.5, allowed is 1 to 10"),
                refused(() -> DEFAULT.withDelayMillis(1, Double.NaN, 5), "multiplier is NaN, allowed is 1 to 10"),
                refused(
                        () -> DEFAULT.withDelayMillis(10, 2, 5),
                        "maxDelayMillis is 5, allowed is delayMillis (10) or more"),
                refused(() -> DEFAULT.withJitterPercent(101), "jitterPercent is 101, allowed is 0 to 100"),
                refused(() -> DEFAULT.withMaxDurationMillis(0), "maxDurationMillis is 0, allowed is 1 or more"),
                refused(() -> DEFAULT.withTimeoutSeconds(-1), "timeoutSeconds is -1, allowed is 0 or more"));
    }

    private static Arguments refused(ThrowingCallable call, String message) {
        return Arguments.of(call, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("invalid")
    void refusesWhatCannotBe(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void delaysGrowUpToTheLongest() {
        assertThat(delays(DEFAULT.withDelayMillis(100, 2, 500).withJitterPercent(0), 0.9))
                .containsExactly(100L, 200L, 400L, 500L, 500L);
    }

    @Test
    void delaysStayTheSameWithMultiplierOne() {
        assertThat(delays(DEFAULT.withDelayMillis(100, 1, 500).withJitterPercent(0), 0.1))
                .containsExactly(100L, 100L, 100L, 100L, 100L);
    }

    @Test
    void jitterGoesBothWaysButNeverBeyondTheLongest() {
        RetryPolicy policy = DEFAULT.withDelayMillis(100, 2, 500).withJitterPercent(50);

        assertThat(delays(policy, 0)).containsExactly(50L, 100L, 200L, 250L, 250L);
        assertThat(delays(policy, 0.5)).containsExactly(100L, 200L, 400L, 500L, 500L);
        assertThat(delays(policy, 1)).containsExactly(150L, 300L, 500L, 500L, 500L);
    }

    @Test
    void delaysDoNotOverflow() {
        RetryPolicy policy = DEFAULT.withDelayMillis(1, 10, Long.MAX_VALUE).withMaxRetries(1_000);

        assertThat(policy.delayBefore(1_000, () -> 1)).isEqualTo(Long.MAX_VALUE);
    }

    private static Stream<Long> delays(RetryPolicy policy, double random) {
        return IntStream.rangeClosed(1, 5).mapToObj(retry -> policy.delayBefore(retry, () -> random));
    }
}

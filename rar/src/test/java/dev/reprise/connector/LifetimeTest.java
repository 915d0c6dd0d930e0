// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LifetimeTest {

    private static final Lifetime HOUR = new Lifetime(Duration.ofHours(1));

    private static long over(Duration age) {
        return IntStream.range(0, 1_000)
                .filter(lot -> HOUR.isOver(age, lot * 7_919 - 3_000_000))
                .count();
    }

    @Test
    void endsInTheLastTenthForEachAtAnotherTime() {
        assertThat(over(Duration.ofMinutes(54))).isZero();
        assertThat(over(Duration.ofMinutes(57))).isBetween(400L, 600L);
        assertThat(over(Duration.ofMinutes(60).plusNanos(1))).isEqualTo(1_000);
    }

    @Test
    void noneIsForEver() {
        assertThat(new Lifetime(Duration.ZERO).isOver(Duration.ofDays(10_000), 5))
                .isFalse();
    }
}

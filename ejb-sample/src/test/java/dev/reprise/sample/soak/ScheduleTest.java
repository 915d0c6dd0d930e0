// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.sample.soak.Schedule.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(first(200, 7)).isEqualTo(first(200, 7)).isNotEqualTo(first(200, 8));
    }

    @Test
    void oneRoundHasEveryFault() {
        assertThat(first(70, 1)).extracting(Step::fault).contains(Fault.values());
    }

    private static List<Step> first(int count, long seed) {
        return Stream.generate(new Schedule(seed)::next).limit(count).toList();
    }
}

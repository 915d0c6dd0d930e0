// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.sample.demo.Chaos.Fault;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChaosTest {

    @Test
    void hundredFaultsAreSharedOutAsTheyAreLikely() {
        Map<Fault, Long> made =
                IntStream.range(0, 100).mapToObj(Fault::at).collect(groupingBy(fault -> fault, counting()));

        assertThat(made)
                .isEqualTo(Map.of(
                        Fault.CUT_BEFORE_COMMIT, 45L,
                        Fault.CUT_AFTER_COMMIT, 30L,
                        Fault.CUT_ALL_LINKS, 15L,
                        Fault.KILL_SESSIONS, 8L,
                        Fault.RESTART_DATABASE, 2L));
        assertThatThrownBy(() -> Fault.at(100)).hasMessage("percentile: 0 to 99 are allowed, not 100");
    }
}

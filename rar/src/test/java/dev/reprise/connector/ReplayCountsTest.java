// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplayCountsTest {

    @Test
    void countsEachKindOfReasonOnItsOwn() {
        var counts = new ReplayCounts();
        assertThat(counts.replayed()).isEqualTo(1);
        assertThat(counts.replayed()).isEqualTo(2);
        assertThat(counts.notReplayed("a function that is not known: f")).isEqualTo(1);
        assertThat(counts.notReplayed("a function that is not known: g")).isEqualTo(2);
        assertThat(counts.notReplayed("a query gave other values")).isEqualTo(1);
    }
}

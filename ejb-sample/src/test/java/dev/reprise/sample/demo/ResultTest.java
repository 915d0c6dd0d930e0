// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.sample.Outcome;
import dev.reprise.sample.client.Comparison;
import dev.reprise.sample.client.Ledger;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultTest {

    private final Ledger ledger = new Ledger();

    @Test
    void sumsUpBothSidesInOneLine() {
        for (Outcome outcome : List.of(Outcome.COMMITTED, Outcome.COMMITTED, Outcome.UNKNOWN, Outcome.ROLLED_BACK)) {
            ledger.close(ledger.open(), outcome);
        }

        Comparison comparison = ledger.compare(Set.of(0, 2, 3));

        assertThat(new Result(comparison, 7, comparison).line())
                .isEqualTo("demo: reprise acknowledged=2 stored=3 lost=1 unknown=1 retried=7"
                        + " | wildfly acknowledged=2 stored=3 lost=1 unknown=1");
        assertThat(new Result(comparison, 7, comparison).isTrue()).isFalse();
    }

    @Test
    void lossesOfTheOtherSideAreNoFailure() {
        Comparison good = ledger.compare(Set.of());
        ledger.close(ledger.open(), Outcome.COMMITTED);
        Comparison lossy = ledger.compare(Set.of());

        assertThat(new Result(good, 0, lossy).isTrue()).isTrue();
        assertThat(new Result(lossy, 0, good).isTrue()).isFalse();
    }
}

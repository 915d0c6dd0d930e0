// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.reprise.sample.Outcome;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerTest {

    private static final Set<Integer> STORED = Set.of(0);
    private static final Set<Integer> ABSENT = Set.of();

    private final Ledger ledger = new Ledger();

    /** What one client was told, what is stored; then: acknowledged, unknown, lost, and what is called a lie. */
    static Stream<Arguments> verdicts() {
        return Stream.of(
                arguments(Outcome.COMMITTED, STORED, 1, 0, 0, ""),
                arguments(Outcome.COMMITTED, ABSENT, 1, 0, 1, "1 acknowledged but not stored: [0]"),
                arguments(Outcome.ROLLED_BACK, STORED, 0, 0, 0, "1 reported as rolled back but stored: [0]"),
                arguments(Outcome.ROLLED_BACK, ABSENT, 0, 0, 0, ""),
                arguments(Outcome.UNKNOWN, STORED, 0, 1, 0, ""),
                arguments(Outcome.UNKNOWN, ABSENT, 0, 1, 0, ""),
                arguments(Outcome.DUPLICATE, STORED, 0, 0, 0, "1 run again although already stored: [0]"),
                arguments(null, STORED, 0, 1, 0, ""),
                arguments(null, ABSENT, 0, 1, 0, ""));
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void comparesWhatWasToldWithWhatIsStored(
            @Nullable Outcome told, Set<Integer> stored, int acknowledged, int unknown, int lost, String lie) {
        int transfer = ledger.open();
        if (told != null) {
            ledger.close(transfer, told);
        }

        Comparison comparison = ledger.compare(stored);

        assertThat(comparison.acknowledged()).isEqualTo(acknowledged);
        assertThat(comparison.unknown()).isEqualTo(unknown);
        assertThat(comparison.stored()).isEqualTo(stored.size());
        assertThat(comparison.lost()).hasSize(lost);
        assertThat(comparison.lies()).isEqualTo(lie.isEmpty() ? List.of() : List.of(lie));
    }

    @Test
    void aStoredTransferThatNobodyAskedForIsALie() {
        assertThat(ledger.compare(Set.of(0, -1)).lies())
                .singleElement()
                .asString()
                .startsWith("2 stored although nobody asked for it");
    }

    @Test
    void sumsUpSeveralTransfers() {
        for (Outcome outcome : List.of(Outcome.COMMITTED, Outcome.COMMITTED, Outcome.UNKNOWN, Outcome.ROLLED_BACK)) {
            ledger.close(ledger.open(), outcome);
        }

        Comparison comparison = ledger.compare(Set.of(0, 2, 3));

        assertThat(comparison.lost()).containsExactly(1);
        assertThat(comparison.lied()).containsExactly(3);
    }

    @Test
    void handsOutEachAcknowledgedTransferOnce() {
        ledger.close(ledger.open(), Outcome.ROLLED_BACK);
        ledger.close(ledger.open(), Outcome.COMMITTED);

        assertThat(ledger.takeAcknowledged()).containsExactly(1);
        assertThat(ledger.takeAcknowledged()).isEmpty();
    }
}

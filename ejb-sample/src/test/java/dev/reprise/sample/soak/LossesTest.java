// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LossesTest {

    private static final String ADAPTER = "2026-11-27 15:01:02,345 WARN  [dev.reprise] (default task-3) ";
    private static final String RETRY = "2026-11-27 15:01:02,345 INFO  [dev.reprise.retry] (default task-3) ";

    private static Losses of(String... lines) {
        var losses = new Losses();
        Stream.of(lines).forEach(losses::read);
        return losses;
    }

    private static String givenUp(String reason) {
        return ADAPTER + "REPRISE0030: A lost transaction was not run again, and is rolled back: " + reason
                + " (3 transactions so far for this kind of reason)";
    }

    @Test
    void aTransactionThatWasRunAgainWasNotNoticed() {
        Losses losses =
                of(ADAPTER + "REPRISE0029: A lost transaction was run again on another connection: 3 calls, 12 ms"
                        + " after the loss; what they gave is what they had given before (1 transactions so far)");

        assertThat(losses.unnoticed()).isOne();
        assertThat(losses.givenUp()).isEmpty();
        assertThat(losses.otherwise()).isZero();
    }

    @Test
    void reasonsAreCountedWhateverTimeThereWas() {
        Losses losses = of(
                givenUp("there was no time left: 9841 ms were allowed"),
                givenUp("there was no time left: 12 ms were allowed"),
                givenUp("a call gave failed: HY000 1205 where it had given 1"));

        assertThat(losses.givenUp())
                .isEqualTo(Map.of(
                        "there was no time left: ... ms were allowed",
                        2,
                        "a call gave failed: HY000 1205 where it had given 1",
                        1));
    }

    @Test
    void whatTheRetryMeetsIsALossIfTheConnectionWasLostAndTheAdapterHasNotSaidSo() {
        String retried =
                RETRY + "REPRISE-R1: Bank.transfer: attempt 1 of 4 was rolled back (%s, SQLState %s, vendor code"
                        + " 0); the next one begins in 11 ms";
        Losses losses = of(
                retried.formatted("RollbackException, LOST", "08006"),
                retried.formatted("SQLTransactionRollbackException, UNDONE", "40001"),
                retried.formatted("SQLNonTransientConnectionException, UNREACHABLE", "08001"),
                RETRY + "REPRISE-R1: Bank.transfer: why attempt 1 was rolled back",
                RETRY
                        + "REPRISE-R2: Bank.transfer: given up after attempt 4, which was rolled back (SQLException, LOST,"
                        + " SQLState 08000, vendor code -1): maxRetries is 3");

        assertThat(losses.otherwise()).isEqualTo(2);
    }

    @Test
    void theShareIsOfAllLosses() {
        assertThat(of(ADAPTER + "REPRISE0029: ", ADAPTER + "REPRISE0029: ", givenUp("why"))
                        .report())
                .contains("| 66.7 % |");
        assertThat(of().report()).contains("| share that the application never saw |  |");
    }
}

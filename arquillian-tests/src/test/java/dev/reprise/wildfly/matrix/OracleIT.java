// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.wildfly.Told.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of the test: with the driver's own XAResource in the place of ours, the oracle sees what is wrong. WildFly's
 * xa-datasource passes it on to the transaction manager as it is.
 */
@ExtendWith(Matrix.Extension.class)
class OracleIT {

    private static final Duration BOUND = Duration.ofSeconds(2);
    private static final Evidence STORED = new Evidence(1, 1, List.of(), 0, "", true);
    private static final Evidence ABSENT = new Evidence(0, 0, List.of(), 0, "", true);

    private static Result withTheDriversResource(Matrix matrix, Mode mode, Call call, Fault fault) throws Exception {
        return matrix.run(new Cell(Database.MARIADB, mode, call, fault, Subject.XA_DATASOURCE));
    }

    @Test
    void seesACommitThatNeverWas(Matrix matrix) throws Exception {
        Result result = withTheDriversResource(matrix, Mode.ONE_PHASE, Call.COMMIT_ONE_PHASE, Fault.CUT_BEFORE);
        assertThat(result.account().outcome()).as(result.toString()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.violations()).as(result.toString()).containsExactly(Violation.COMMITTED_AND_ABSENT);
        assertFails(result);
    }

    @Test
    void seesABranchThatNobodyFinishes(Matrix matrix) throws Exception {
        Result result = withTheDriversResource(matrix, Mode.TWO_PHASE_LAST, Call.COMMIT_TWO_PHASE, Fault.CUT_BEFORE);
        assertThat(result.violations())
                .as(result.toString())
                .contains(Violation.NOT_ATOMIC, Violation.LEFT_PREPARED, Violation.UNKNOWN_IN_TIME);
        assertFails(result);
    }

    /** If it were ours. */
    private static void assertFails(Result result) {
        Cell cell = result.cell();
        var ours = new Cell(cell.database(), cell.mode(), cell.call(), cell.fault(), Subject.NONE);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> OutcomeMatrixIT.judge(
                        new Result(ours, result.key(), result.account(), result.evidence(), result.violations())));
    }

    @Test
    void comparesWhatWasToldWithWhatIsStored() {
        assertThat(judged(Outcome.COMMITTED, STORED)).isEmpty();
        assertThat(judged(Outcome.ROLLED_BACK, ABSENT)).isEmpty();
        assertThat(judged(Outcome.COMMITTED, ABSENT)).containsExactly(Violation.COMMITTED_AND_ABSENT);
        assertThat(judged(Outcome.ROLLED_BACK, STORED)).containsExactly(Violation.ROLLED_BACK_AND_PRESENT);
        assertThat(judged(Outcome.UNKNOWN, STORED)).containsExactly(Violation.UNKNOWN_IN_TIME);
    }

    @Test
    void seesWorkThatWasDoneTwiceOrByHalf() {
        assertThat(judged(Outcome.COMMITTED, new Evidence(2, 2, List.of(), 0, "", true)))
                .containsExactly(Violation.STORED_TWICE);
        assertThat(judged(Outcome.COMMITTED, new Evidence(1, 0, List.of(), 0, "", true)))
                .containsExactlyInAnyOrder(Violation.COMMITTED_AND_ABSENT, Violation.NOT_ATOMIC);
        assertThat(judged(Outcome.ROLLED_BACK, new Evidence(0, 1, List.of(), 0, "", true)))
                .containsExactlyInAnyOrder(Violation.ROLLED_BACK_AND_PRESENT, Violation.NOT_ATOMIC);
    }

    @Test
    void seesWhatIsLeftBehind() {
        assertThat(judged(Outcome.ROLLED_BACK, new Evidence(0, 0, List.of("'a'"), 0, "", true)))
                .containsExactly(Violation.LEFT_PREPARED);
        assertThat(judged(Outcome.ROLLED_BACK, new Evidence(0, 0, List.of(), 1, "", true)))
                .containsExactly(Violation.LEFT_OPEN);
        assertThat(judged(Outcome.ROLLED_BACK, new Evidence(0, 0, List.of(), 0, "connection 1: lost", true)))
                .containsExactly(Violation.DEAD_IN_POOL);
    }

    @Test
    void seesWhoWaitedTooLongAndWhatWasNotTested() {
        assertThat(Oracle.judge(account(Outcome.COMMITTED, BOUND.plusMillis(1)), BOUND, STORED))
                .containsExactly(Violation.WAITED);
        assertThat(judged(Outcome.COMMITTED, new Evidence(1, 1, List.of(), 0, "", false)))
                .containsExactly(Violation.NOT_MET);
    }

    private static Iterable<Violation> judged(Outcome outcome, Evidence evidence) {
        return Oracle.judge(account(outcome, BOUND), BOUND, evidence);
    }

    private static Account account(Outcome outcome, Duration took) {
        return new Account(outcome, took, "");
    }
}

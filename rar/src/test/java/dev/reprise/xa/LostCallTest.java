// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.database.CommitGuard;
import dev.reprise.database.Xids;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each call of the transaction manager is lost in each way: what it is told, against what the server has. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Server.class)
class LostCallTest {

    private static final int CONTROL_MILLIS = 1_500;

    @RegisterExtension
    final Bench bench;

    private final Server.Words words;

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    LostCallTest(Server server) {
        bench = new Bench(server);
        words = server.words();
    }

    @ParameterizedTest
    @EnumSource
    void aLostStatementRollsTheBranchBack(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        pooled.start(xid);
        pooled.insert(row);
        long session = pooled.session();
        pooled.handle().setNetworkTimeout(Runnable::run, CONTROL_MILLIS);
        mishap.arm(bench, "insert", session);

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> pooled.insert(row + "b"))
                .satisfies(
                        e -> assertThat(e.getSQLState()).matches("08...|57P01").isNotEqualTo("08007"));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row + "c"));
        assertThatCode(() -> pooled.end(xid)).doesNotThrowAnyException();

        XAException told =
                assertTimeout(Bench.SOON, () -> Codes.failure(() -> pooled.xa().prepare(xid)));
        assertThat(told.errorCode).isEqualTo(XAException.XA_RBCOMMFAIL);
        assertThat(told).hasCauseInstanceOf(SQLException.class);
        assertGone(session);
        assertThat(pooled.events()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aLostPrepareIsRolledBackBeforeItsAnswer(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        bench.administer("insert into work (name) values ('" + row + "')");
        pooled.start(xid);
        pooled.execute("update work set n = n + 1 where name = '" + row + "'");
        long session = pooled.session();
        pooled.end(xid);
        mishap.arm(bench, words.prepare(), session);

        int told = assertTimeout(Bench.SOON, () -> Codes.code(() -> pooled.xa().prepare(xid)));
        assertThat(told).isEqualTo(XAException.XA_RBCOMMFAIL);
        bench.assertFree(row);
        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.lives(session)).isFalse();
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(100);
        assertThatCode(() -> pooled.xa().rollback(xid)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void aLostCommitThatNothingGuardsIsUnknown(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS, CommitGuard.NONE);
        long session = pooled.work(xid, row);
        mishap.arm(bench, "commit", session);

        XAException told =
                assertTimeout(Bench.SOON, () -> Codes.failure(() -> pooled.xa().commit(xid, true)));

        assertThat(told.errorCode).isEqualTo(XAException.XA_HEURHAZ);
        assertThat(told).hasMessageContaining(Xids.text(xid)).hasCauseInstanceOf(SQLException.class);
        assertThat(bench.isStored(row)).isEqualTo(mishap.done());
    }

    @ParameterizedTest
    @EnumSource
    void aLostSecondPhaseIsLeftToRecovery(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        long session = pooled.work(xid, row);
        assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_OK);
        mishap.arm(bench, words.commitPrepared(), session);

        int told = assertTimeout(Bench.SOON, () -> Codes.code(() -> pooled.xa().commit(xid, false)));

        assertThat(told).isEqualTo(XAException.XAER_RMFAIL);
        assertThat(bench.isStored(row)).isEqualTo(mishap.done());
        assertThat(bench.isPrepared(xid)).isNotEqualTo(mishap.done());
        Recovery.commit(bench, xid);
        assertThat(bench.isStored(row)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aLostRollbackOfAnUnpreparedBranchIsDoneWhenItReturns(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        bench.administer("insert into work (name) values ('" + row + "')");
        pooled.start(xid);
        pooled.execute("update work set n = n + 1 where name = '" + row + "'");
        long session = pooled.session();
        mishap.arm(bench, words.rollback(), session);

        assertTimeout(Bench.SOON, () -> pooled.xa().rollback(xid));

        bench.assertFree(row);
        assertThat(bench.lives(session)).isFalse();
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource
    void aLostRollbackOfAPreparedBranchIsLeftToRecovery(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        long session = pooled.work(xid, row);
        pooled.xa().prepare(xid);
        mishap.arm(bench, words.rollbackPrepared(), session);

        int told = assertTimeout(Bench.SOON, () -> Codes.code(() -> pooled.xa().rollback(xid)));

        assertThat(told).isEqualTo(XAException.XAER_RMFAIL);
        assertThat(bench.isPrepared(xid)).isNotEqualTo(mishap.done());
        assertTimeout(Bench.SOON, () -> pooled.xa().rollback(xid));
        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.isStored(row)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aLostRecoverIsAskedAgainOnANewConnection(Mishap mishap) throws Exception {
        Recovery.leavePrepared(bench, xid, row);
        Pooled recovery = bench.open(CONTROL_MILLIS);
        mishap.arm(bench, words.recover(), recovery.session());

        var listed = assertTimeout(Bench.SOON, () -> recovery.xa().recover(XAResource.TMSTARTRSCAN));

        assertThat(listed).anyMatch(each -> Xids.same(each, xid));
    }

    /** The server has ended the session and undone its work: nothing of the branch can be committed any more. */
    private void assertGone(long session) throws SQLException {
        assertThat(bench.isStored(row)).isFalse();
        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.lives(session)).isFalse();
    }
}

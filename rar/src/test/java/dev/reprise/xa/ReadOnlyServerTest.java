// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.database.CommitGuard;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server becomes read-only, as a demoted primary does, at each point of a branch. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadOnlyServerTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    private void demote() throws SQLException {
        bench.administer("set global read_only = 1");
    }

    @AfterEach
    void promote() throws SQLException {
        bench.administer("set global read_only = 0");
    }

    @Test
    void whoeverOnlyReadsOnItTakesPartInATransactionOfSeveralResources() throws Exception {
        var factory = bench.factory(15_000);
        factory.setRequiredRole("any");
        demote();
        Pooled pooled = bench.open(factory);
        pooled.start(xid);
        pooled.execute("select count(*) from work");
        pooled.end(xid);

        if (pooled.xa().prepare(xid) != XAResource.XA_RDONLY) {
            pooled.xa().commit(xid, false);
        }

        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.query("select count(*) from information_schema.innodb_trx"))
                .isZero();
    }

    @Test
    void aStatementThatTheServerNoLongerTakesRollsTheBranchBack() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        demote();

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row + "b"));

        pooled.end(xid);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_RBCOMMFAIL);
        promote();
        bench.administer("insert into work (name) values ('" + row + "')");
    }

    @ParameterizedTest
    @EnumSource(names = {"LEDGER", "TWO_PHASE", "NONE"})
    void aOnePhaseCommitThatTheServerRefusesIsRolledBack(CommitGuard guard) throws Exception {
        var factory = bench.factory(15_000);
        factory.setCommitGuard(guard.text());
        factory.setLedgerTable("slots");
        Pooled pooled = bench.open(factory);
        long session = pooled.work(xid, row);
        demote();

        int told = assertTimeout(Bench.SOON, () -> Codes.code(() -> pooled.xa().commit(xid, true)));

        assertThat(told).isEqualTo(XAException.XA_RBROLLBACK);
        promote();
        assertThat(bench.lives(session)).isFalse();
        bench.administer("insert into work (name) values ('" + row + "')");
    }

    @Test
    void aBranchThatIsPreparedOnItIsCommittedWhenItTakesWritesAgain() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);
        demote();
        pooled.xa().prepare(xid);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, false))).isEqualTo(XAException.XAER_RMFAIL);

        assertThat(bench.isPrepared(xid)).isTrue();
        promote();
        Recovery.commit(bench, xid);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void aSecondPhaseThatTheServerRefusesIsLeftToRecovery() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);
        pooled.xa().prepare(xid);
        demote();

        assertThat(Codes.code(() -> pooled.xa().commit(xid, false))).isEqualTo(XAException.XAER_RMFAIL);

        assertThat(bench.isPrepared(xid)).isTrue();
        promote();
        Recovery.commit(bench, xid);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void aPreparedBranchThatTheServerWillNotRollBackIsLeftToRecovery() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);
        pooled.xa().prepare(xid);
        demote();

        assertThat(Codes.code(() -> pooled.xa().rollback(xid))).isEqualTo(XAException.XAER_RMFAIL);

        promote();
        pooled.xa().rollback(xid);
        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void anUnpreparedBranchIsRolledBackByTheEndOfItsSession() throws Exception {
        Pooled pooled = bench.open();
        long session = pooled.work(xid, row);
        demote();

        assertTimeout(Bench.SOON, () -> pooled.xa().rollback(xid));

        assertThat(bench.lives(session)).isFalse();
        promote();
        bench.administer("insert into work (name) values ('" + row + "')");
    }
}

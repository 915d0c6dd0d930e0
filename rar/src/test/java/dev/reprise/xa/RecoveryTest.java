// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.database.Xids;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a recovery sees and does through a connection that it keeps. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecoveryTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    private static boolean lists(Pooled recovery, BranchId xid) throws Exception {
        for (var each : recovery.xa().recover(XAResource.TMSTARTRSCAN)) {
            if (Xids.same(each, xid)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void theWholeListComesWithTheStartOfTheScanAndNothingAfterIt() throws Exception {
        Recovery.leavePrepared(bench, xid, row);
        Pooled recovery = bench.open();

        assertThat(lists(recovery, xid)).isTrue();
        assertThat(recovery.xa().recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                .anyMatch(each -> Xids.same(each, xid));
        assertThat(recovery.xa().recover(XAResource.TMNOFLAGS)).isEmpty();
        assertThat(recovery.xa().recover(XAResource.TMENDRSCAN)).isEmpty();
    }

    @Test
    void reconnectsAfterItsSessionWasKilled() throws Exception {
        Recovery.leavePrepared(bench, xid, row);
        Pooled recovery = bench.open();
        recovery.xa().recover(XAResource.TMSTARTRSCAN);
        bench.kill(recovery.session());

        assertThat(lists(recovery, xid)).isTrue();
    }

    @Test
    void reconnectsAfterTheServerWasRestartedAndCommitsWhatWasPrepared() throws Exception {
        Recovery.leavePrepared(bench, xid, row);
        Pooled recovery = bench.open();
        recovery.xa().recover(XAResource.TMSTARTRSCAN);
        bench.database().kill();
        bench.database().start();

        assertThat(lists(recovery, xid)).isTrue();
        recovery.xa().commit(xid, false);

        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void isNeverEmptyBecauseNobodyAnswered() throws Exception {
        Pooled recovery = bench.open();
        bench.proxy().refuse();
        bench.proxy().resetAll();

        assertThat(Codes.code(() -> recovery.xa().recover(XAResource.TMSTARTRSCAN)))
                .isEqualTo(XAException.XAER_RMFAIL);
        assertThat(Codes.code(() -> recovery.xa().recover(XAResource.TMSTARTRSCAN)))
                .isEqualTo(XAException.XAER_RMFAIL);

        bench.proxy().accept();
        recovery.xa().recover(XAResource.TMSTARTRSCAN);
    }

    @Test
    void isNeverEmptyBecauseTheLinkIsABlackHole() throws Exception {
        Pooled recovery = bench.open(1_000);
        bench.proxy().blackHole(true);

        int told =
                assertTimeout(Bench.SOON, () -> Codes.code(() -> recovery.xa().recover(XAResource.TMSTARTRSCAN)));

        assertThat(told).isEqualTo(XAException.XAER_RMFAIL);
    }

    /** MariaDB answers that it does not know it. */
    @Test
    void aBranchThatIsPreparedInALivingSessionIsNotDenied() throws Exception {
        var factory = bench.factory(5_000);
        Pooled owner = bench.open(factory);
        owner.work(xid, row);
        owner.xa().prepare(xid);
        Pooled recovery = bench.open(factory);

        assertThat(Codes.code(() -> recovery.xa().commit(xid, false))).isEqualTo(XAException.XAER_RMFAIL);
        assertThat(Codes.code(() -> recovery.xa().rollback(xid))).isEqualTo(XAException.XAER_RMFAIL);

        owner.xa().commit(xid, false);
        assertThat(bench.isStored(row)).isTrue();
        assertThat(Codes.code(() -> recovery.xa().commit(xid, false))).isEqualTo(XAException.XAER_NOTA);
    }

    @Test
    void aBranchThatCannotBeLookedForIsNotDenied() throws Exception {
        Pooled recovery = bench.open();
        bench.proxy().onRequest("xa recover").cutBefore();

        assertThat(Codes.code(() -> recovery.xa().commit(xid, false))).isEqualTo(XAException.XAER_RMFAIL);
    }

    @Test
    void aScanDuringABranchPutNoOtherConnectionUnderTheApplication() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        bench.kill(pooled.session());

        assertThat(Codes.code(() -> pooled.xa().recover(XAResource.TMSTARTRSCAN)))
                .isEqualTo(XAException.XAER_RMFAIL);

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row));
        assertThat(Codes.code(() -> pooled.xa().commit(BranchId.of(row + "foreign"), false)))
                .isEqualTo(XAException.XAER_RMFAIL);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row));
        pooled.end(xid);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_RBCOMMFAIL);
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void rollsBackWhatAnotherConnectionPrepared() throws Exception {
        Recovery.leavePrepared(bench, xid, row);

        bench.open().xa().rollback(xid);

        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.isStored(row)).isFalse();
    }

    /** There is nothing that could be lost. */
    @Test
    void aPreparedBranchThatWroteNothingIsCommittedThoughItsSessionIsGone() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.execute("select * from work");
        long session = pooled.session();
        pooled.end(xid);
        assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_OK);
        bench.kill(session);

        assertThat(Codes.codeOf(() -> bench.open().xa().commit(xid, false))).isZero();

        assertThat(bench.database().preparedXids()).isEmpty();
    }

    /** As an application server that has died with its host does: the database has not noticed. */
    @Test
    void aSessionThatOnlyTheServerBelievesInIsEnded() throws Exception {
        Pooled halfOpen = bench.open();
        long session = halfOpen.work(xid, row);
        halfOpen.xa().prepare(xid);

        bench.open().xa().commit(xid, false);

        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.server() == Server.MARIADB && bench.lives(session)).isFalse();
    }

    @Test
    void aServerThatTookThePlaceOfAnotherKnowsNothingOfItsBranches() throws Exception {
        var factory = bench.factory(5_000);
        Pooled owner = bench.open(factory);
        long session = owner.work(xid, row);
        owner.xa().prepare(xid);
        Mishap.CUT_BEFORE.arm(bench, "xa commit", session);
        assertThat(Codes.code(() -> owner.xa().commit(xid, false))).isEqualTo(XAException.XAER_RMFAIL);
        try (MariaDb empty = MariaDb.start(MariaDbOptions.defaults())) {
            bench.proxy().retarget(empty.port());
            Pooled recovery = bench.open(factory);

            assertThat(Codes.code(() -> recovery.xa().commit(xid, false))).isEqualTo(XAException.XAER_RMFAIL);
            assertThat(Codes.code(() -> recovery.xa().rollback(xid))).isEqualTo(XAException.XAER_RMFAIL);
        }
        bench.proxy().retarget(bench.database().port());
        bench.open(factory).xa().commit(xid, false);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void aLostPrepareIsNotCalledRolledBackWhileNobodyAnswers() throws Exception {
        Pooled pooled = loseThePrepareOfAServerThatIsAway();

        bench.proxy().accept();
        pooled.xa().rollback(xid);

        assertThat(bench.isPrepared(xid)).isFalse();
    }

    @Test
    void aLostPrepareIsRolledBackAfterARestartOfTheServer() throws Exception {
        Pooled pooled = loseThePrepareOfAServerThatIsAway();
        bench.database().kill();
        bench.database().start();
        assertThat(bench.isPrepared(xid)).isTrue();
        bench.proxy().accept();

        pooled.xa().rollback(xid);

        assertThat(bench.isPrepared(xid)).isFalse();
    }

    /** Whoever wants its rows does not have to wait for the transaction manager's recovery. */
    @Test
    void aLostPrepareIsRolledBackAsSoonAsTheServerIsBack() throws Exception {
        loseThePrepareOfAServerThatIsAway();

        bench.proxy().accept();

        Awaitility.await().atMost(Bench.SOON).until(() -> !bench.isPrepared(xid));
    }

    private Pooled loseThePrepareOfAServerThatIsAway() throws Exception {
        Pooled pooled = bench.open();
        long session = pooled.work(xid, row);
        bench.proxy().refuse();
        Mishap.REPLY_LOST.arm(bench, "xa prepare", session);
        assertThat(Codes.code(() -> pooled.xa().prepare(xid))).isEqualTo(XAException.XAER_RMFAIL);
        assertThat(Codes.code(() -> pooled.xa().rollback(xid))).isEqualTo(XAException.XAER_RMFAIL);
        return pooled;
    }
}

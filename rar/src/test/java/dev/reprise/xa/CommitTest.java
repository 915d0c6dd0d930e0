// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.xa.Narayana.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.database.CommitGuard;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import java.sql.SQLException;
import java.util.Arrays;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application is told by the real transaction manager, against the rows that are stored. */
@Timeout(60) // in the thread that begins the transaction
@ParameterizedClass
@EnumSource(Server.class)
class CommitTest {

    private static final int CONTROL_MILLIS = 1_500;

    @RegisterExtension
    final Bench bench;

    private final Server.Words words;

    CommitTest(Server server) {
        bench = new Bench(server);
        words = server.words();
    }

    private final String one = Bench.name();
    private final String two = Bench.name();

    @BeforeEach
    void begin() throws Exception {
        MANAGER.begin();
    }

    @AfterEach
    void end() throws Exception {
        MANAGER.setTransactionTimeout(0);
        if (MANAGER.getStatus() != Status.STATUS_NO_TRANSACTION) {
            MANAGER.rollback();
        }
    }

    /** @return the number of the session */
    private long work(Pooled pooled, String row) throws Exception {
        MANAGER.getTransaction().enlistResource(pooled.xa());
        pooled.insert(row);
        return pooled.session();
    }

    private static Throwable commit() {
        return assertTimeout(Bench.SOON, () -> catchThrowable(MANAGER::commit));
    }

    @Test
    void oneResourceCommits() throws Exception {
        work(bench.open(), one);

        MANAGER.commit();

        assertThat(bench.isStored(one)).isTrue();
    }

    @Test
    void twoResourcesCommit() throws Exception {
        work(bench.open(), one);
        work(bench.open(), two);

        MANAGER.commit();

        assertThat(bench.isStored(one)).isTrue();
        assertThat(bench.isStored(two)).isTrue();
        assertThat(bench.database().preparedXids()).isEmpty();
    }

    @Test
    void aRollbackStoresNothing() throws Exception {
        work(bench.open(), one);
        work(bench.open(), two);

        MANAGER.rollback();

        assertThat(bench.isStored(one)).isFalse();
        assertThat(bench.isStored(two)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aCommitThatIsLostOnItsWayToPrepareIsFoundOut(Mishap mishap) throws Exception {
        long session = work(bench.open(CONTROL_MILLIS, CommitGuard.TWO_PHASE), one);
        mishap.arm(bench, words.prepare(), session);

        Throwable told = commit();

        if (mishap.done()) {
            assertThat(told).isNull();
            assertThat(bench.isStored(one)).isTrue();
        } else {
            assertRolledBackByALostConnection(told);
        }
    }

    @Test
    void aSessionThatWasKilledIsRolledBackWithItsCause() throws Exception {
        bench.kill(work(bench.open(), one));

        assertRolledBackByALostConnection(commit());
    }

    @Test
    void aStatementThatTheApplicationGotOverIsRolledBackWithItsCause() throws Exception {
        Pooled pooled = bench.open();
        bench.kill(work(pooled, one));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(two));

        assertRolledBackByALostConnection(commit());
        assertThat(pooled.events()).isEmpty();
    }

    private void assertRolledBackByALostConnection(Throwable told) throws SQLException {
        assertThat(told).isInstanceOf(RollbackException.class);
        assertThat(told.getSuppressed())
                .anySatisfy(suppressed ->
                        assertThat(suppressed).isInstanceOf(XAException.class).hasCauseInstanceOf(SQLException.class));
        assertThat(bench.isStored(one)).isFalse();
        assertThat(bench.isStored(two)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aLostCommitOfWhatWasPreparedIsCommitted(Mishap mishap) throws Exception {
        long session = work(bench.open(CONTROL_MILLIS, CommitGuard.TWO_PHASE), one);
        mishap.arm(bench, words.commitPrepared(), session);

        assertThat(commit()).isNull();

        assertThat(bench.isStored(one)).isTrue();
        assertThat(bench.database().preparedXids()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aLostCommitThatNothingGuardsIsReportedAsUnknown(Mishap mishap) throws Exception {
        long session = work(bench.open(CONTROL_MILLIS, CommitGuard.NONE), one);
        mishap.arm(bench, "commit", session);

        assertThat(commit()).isInstanceOf(HeuristicMixedException.class);

        assertThat(bench.isStored(one)).isEqualTo(mishap.done());
    }

    @ParameterizedTest
    @EnumSource
    void aLostPrepareOfTheFirstRollsBothBackAtOnce(Mishap mishap) throws Exception {
        long session = work(bench.open(CONTROL_MILLIS), one);
        work(bench.open(), two);
        mishap.arm(bench, words.prepare(), session);

        assertThat(commit()).isInstanceOf(RollbackException.class);

        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource
    void aLostPrepareOfTheSecondRollsBothBackAtOnce(Mishap mishap) throws Exception {
        work(bench.open(), one);
        long session = work(bench.open(CONTROL_MILLIS), two);
        mishap.arm(bench, words.prepare(), session);

        assertThat(commit()).isInstanceOf(RollbackException.class);

        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws SQLException {
        assertThat(bench.isStored(one)).isFalse();
        assertThat(bench.isStored(two)).isFalse();
        assertThat(bench.database().preparedXids()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aLostSecondPhaseIsReportedAsCommittedAndRecoveryCommitsIt(Mishap mishap) throws Exception {
        long session = work(bench.open(CONTROL_MILLIS), one);
        work(bench.open(), two);
        mishap.arm(bench, words.commitPrepared(), session);

        MANAGER.commit();

        assertThat(bench.isStored(two)).isTrue();
        recover();
        assertThat(bench.isStored(one)).isTrue();
    }

    /** As the periodic recovery does, but now. */
    private void recover() throws Exception {
        XAResource recovery = bench.open().xa();
        Awaitility.await().atMost(Bench.SOON).until(() -> {
            for (Xid xid : recovery.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN)) {
                try {
                    recovery.commit(xid, false);
                } catch (XAException e) {
                    assertThat(e.errorCode).isEqualTo(XAException.XAER_RMFAIL);
                }
            }
            return bench.database().preparedXids().isEmpty();
        });
    }

    @Test
    void aTransactionThatTimesOutEndsTheStatementInItAndStoresNothing() throws Exception {
        MANAGER.rollback();
        MANAGER.setTransactionTimeout(1);
        MANAGER.begin();
        Pooled pooled = bench.open();
        long session = work(pooled, one);

        assertTimeout(
                Bench.SOON,
                () -> assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> pooled.execute(bench.server().sleep()))
                        .satisfies(e -> assertThat(e.getSQLState()).isNotEqualTo("08007")));

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(two));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> pooled.handle().commit());
        assertThat(commit()).isInstanceOf(RollbackException.class);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(two));
        Awaitility.await().atMost(Bench.SOON).until(() -> !bench.lives(session));
        assertNothingIsLeft();
        assertThat(pooled.events()).isEmpty();
    }

    @Test
    void severalResourcesOfOneFactoryAreBranchesOfTheirOwn() throws Exception {
        var factory = bench.factory(CONTROL_MILLIS);
        work(bench.open(factory), one);
        work(bench.open(factory), two);
        String before = Arrays.toString(new boolean[] {bench.isStored(one), bench.isStored(two)});

        MANAGER.commit();

        assertThat(before).isEqualTo("[false, false]");
        assertThat(bench.isStored(one)).isTrue();
        assertThat(bench.isStored(two)).isTrue();
    }

    /** Whether the server undoes the statement or all that came before it: what is told is what is stored. */
    @Test
    void anErrorThatTheApplicationGotOverIsNotReportedAsCommittedIfItUndidTheTransaction() throws Exception {
        workAndFail(bench.open());

        Throwable told = commit();

        assertThat(bench.isStored(one)).isEqualTo(told == null);
        assertThat(told == null).isEqualTo(bench.server() == Server.MARIADB);
        assertThat(told == null || told instanceof RollbackException).isTrue();
    }

    @Test
    void anErrorThatTheApplicationGotOverRollsTheOtherResourceBackToo() throws Exception {
        work(bench.open(), two);
        workAndFail(bench.open());

        Throwable told = commit();

        assertThat(bench.isStored(one)).isEqualTo(told == null);
        assertThat(bench.isStored(two)).isEqualTo(told == null);
        assertThat(told == null).isEqualTo(bench.server() == Server.MARIADB);
    }

    private void workAndFail(Pooled pooled) throws Exception {
        work(pooled, one);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.execute("select * from no_such_table"));
    }

    /** The other one has committed, and the first must follow. */
    @Test
    void aSessionThatIsEndedBetweenThePhasesIsCommittedByRecovery() throws Exception {
        long session = work(bench.open(CONTROL_MILLIS), one);
        work(bench.open(), two);
        Mishap.KILLED.arm(bench, words.commitPrepared(), session);

        MANAGER.commit();

        recover();
        assertThat(bench.isStored(one)).isTrue();
        assertThat(bench.isStored(two)).isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.xa.Bench;
import dev.reprise.xa.BranchId;
import dev.reprise.xa.Pooled;
import jakarta.resource.ResourceException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The transaction manager's reaper completes a transaction in which the application's thread is still at work. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReaperTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);
    private final Executor reaper = task -> {
        var thread = new Thread(task, "reaper");
        thread.setDaemon(true);
        thread.start();
    };
    private Pooled pooled;
    private long session;

    private interface Action {
        void run() throws Exception;
    }

    @BeforeEach
    void open() throws Exception {
        pooled = bench.open();
        session = pooled.session();
    }

    private CompletableFuture<Void> inReaper(Action action) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        action.run();
                    } catch (Exception e) {
                        throw new java.util.concurrent.CompletionException(e);
                    }
                },
                reaper);
    }

    private CompletableFuture<Void> afterTheApplicationSleeps(Action action) {
        return inReaper(() -> {
            Awaitility.await()
                    .atMost(Bench.SOON)
                    .until(() -> bench.query("select count(*) from information_schema.processlist where id = " + session
                                    + " and info like '%sleep(%'")
                            == 1);
            action.run();
        });
    }

    private SQLException sleep() {
        return assertTimeout(
                Bench.SOON, () -> catchThrowableOfType(SQLException.class, () -> pooled.execute("select sleep(300)")));
    }

    @Test
    void aRollbackEndsAStatementThatRuns() throws Exception {
        pooled.start(xid);
        pooled.insert(row);
        var rollback = afterTheApplicationSleeps(() -> pooled.xa().rollback(xid));

        SQLException told = sleep();

        assertThat(told.getSQLState()).startsWith("08").isNotEqualTo("08007");
        rollback.get(15, TimeUnit.SECONDS);
        assertUndoneAndRefused();
    }

    /** Narayana's reaper ends the branch first. */
    @Test
    void aRollbackAfterAnEndEndsAStatementThatRuns() throws Exception {
        pooled.start(xid);
        pooled.insert(row);
        var rollback = afterTheApplicationSleeps(() -> {
            pooled.end(xid);
            pooled.xa().rollback(xid);
        });

        sleep();

        rollback.get(15, TimeUnit.SECONDS);
        assertUndoneAndRefused();
    }

    @Test
    void whatTheApplicationRunsAfterARollbackInBetweenIsRefused() throws Exception {
        pooled.start(xid);
        pooled.insert(row);

        inReaper(() -> pooled.xa().rollback(xid)).get(15, TimeUnit.SECONDS);

        assertUndoneAndRefused();
    }

    @Test
    void aLocalTransactionIsRolledBackUnderAStatementThatRuns() throws Exception {
        pooled.local().begin();
        pooled.insert(row);
        var rollback = afterTheApplicationSleeps(() -> pooled.local().rollback());

        sleep();

        rollback.get(15, TimeUnit.SECONDS);
        assertUndoneAndRefused();
    }

    @Test
    void aLocalTransactionIsRolledBackBetweenStatements() throws Exception {
        pooled.local().begin();
        pooled.insert(row);

        inReaper(() -> pooled.local().rollback()).get(15, TimeUnit.SECONDS);

        assertUndoneAndRefused();
    }

    @Test
    void aBranchIsNotCommittedUnderAStatementThatRuns() throws Exception {
        pooled.start(xid);
        pooled.insert(row);
        var commit = afterTheApplicationSleeps(() -> {
            pooled.end(xid);
            pooled.xa().commit(xid, true);
        });

        sleep();

        assertRolledBackWith(commit);
    }

    @Test
    void aBranchIsNotPreparedUnderAStatementThatRuns() throws Exception {
        pooled.start(xid);
        pooled.insert(row);
        var prepare = afterTheApplicationSleeps(() -> {
            pooled.end(xid);
            pooled.xa().prepare(xid);
        });

        sleep();

        assertRolledBackWith(prepare);
        assertThat(bench.isPrepared(xid)).isFalse();
    }

    private void assertRolledBackWith(CompletableFuture<Void> completion) throws Exception {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> completion.get(15, TimeUnit.SECONDS))
                .satisfies(e -> assertThat(e.getCause())
                        .isInstanceOfSatisfying(
                                XAException.class,
                                told -> assertThat(told.errorCode).isEqualTo(XAException.XA_RBCOMMFAIL)));
        assertUndoneAndRefused();
    }

    @Test
    void aLocalTransactionIsNotCommittedUnderAStatementThatRuns() throws Exception {
        pooled.local().begin();
        pooled.insert(row);
        var commit = afterTheApplicationSleeps(() -> pooled.local().commit());

        sleep();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> commit.get(15, TimeUnit.SECONDS))
                .withCauseExactlyInstanceOf(jakarta.resource.spi.LocalTransactionException.class);
        assertUndoneAndRefused();
    }

    private void assertUndoneAndRefused() throws Exception {
        Awaitility.await().atMost(Bench.SOON).until(() -> !bench.lives(session));
        var handle = pooled.handle();
        assertRefused(() -> pooled.insert(row));
        assertRefused(handle::commit);
        assertRefused(() -> handle.setAutoCommit(true));
        assertRefused(() -> handle.setAutoCommit(false));
        assertRefused(() -> handle.prepareStatement("insert into work (name) values ('" + row + "')")
                .execute());
        assertThat(bench.isStored(row)).isFalse();
        assertThat(pooled.events()).isEmpty();
        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.managed().cleanup());
        assertThat(handle.isClosed()).isTrue();
        assertRefused(() -> pooled.insert(row));
        assertThat(bench.isStored(row)).isFalse();
    }

    private static void assertRefused(Action action) {
        assertThatCode(action::run).isInstanceOf(SQLException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Statements that fail in a branch while the connection is fine: what is lost with them, and what is not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailedStatementTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    @Test
    void aDeadlockRefusesWhatFollowsAndRollsBackWithItsCause() throws Exception {
        Pooled victim = victimOfADeadlock();

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> victim.insert(row))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40001"));
        victim.end(xid);
        XAException told = Codes.failure(() -> victim.xa().commit(xid, true));

        assertThat(told.errorCode).isEqualTo(XAException.XA_RBROLLBACK);
        assertThat(told.getCause())
                .isInstanceOfSatisfying(
                        SQLException.class,
                        cause -> assertThat(cause.getSQLState()).isEqualTo("40001"));
        assertThat(bench.isStored(row)).isFalse();
        victim.insert(row + "after");
        assertThat(victim.events()).isEmpty();
    }

    @Test
    void aDeadlockIsNotPrepared() throws Exception {
        Pooled victim = victimOfADeadlock();
        victim.end(xid);

        assertThat(Codes.code(() -> victim.xa().prepare(xid))).isEqualTo(XAException.XA_RBROLLBACK);

        assertThat(bench.isPrepared(xid)).isFalse();
    }

    /** Two rows, changed in opposite order; who has changed less is the victim. */
    private Pooled victimOfADeadlock() throws Exception {
        bench.administer("insert into work (name) values ('" + row + "1'), ('" + row + "2')");
        Pooled victim = bench.open();
        victim.start(xid);
        victim.execute("update work set n = 1 where name = '" + row + "1'");
        Pooled other = bench.open();
        other.handle().setAutoCommit(false);
        for (int i = 0; i < 20; i++) {
            other.insert(row + "more" + i);
        }
        other.execute("update work set n = 2 where name = '" + row + "2'");
        long session = other.session();
        var waiting = CompletableFuture.runAsync(() -> {
            try {
                other.execute("update work set n = 2 where name = '" + row + "1'");
                other.handle().commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await()
                .atMost(Bench.SOON)
                .until(() -> bench.query("select count(*) from information_schema.innodb_trx"
                                + " where trx_state = 'LOCK WAIT' and trx_mysql_thread_id = " + session)
                        == 1);
        var deadlock = catchThrowableOfType(
                SQLException.class, () -> victim.execute("update work set n = 1 where name = '" + row + "2'"));
        assertThat(deadlock.getErrorCode()).isEqualTo(1213);
        waiting.get(15, TimeUnit.SECONDS);
        return victim;
    }

    @Test
    void aLockWaitTimeoutIsTheStatementsOnly() throws Exception {
        bench.administer("insert into work (name) values ('" + row + "locked')");
        Pooled holder = bench.open();
        holder.handle().setAutoCommit(false);
        holder.execute("update work set n = 1 where name = '" + row + "locked'");
        Pooled pooled = bench.open();
        pooled.execute("set innodb_lock_wait_timeout = 0");
        pooled.start(xid);
        pooled.insert(row);

        var failed = catchThrowableOfType(
                SQLException.class, () -> pooled.execute("update work set n = 2 where name = '" + row + "locked'"));

        assertThat(failed.getErrorCode()).isEqualTo(1205);
        pooled.insert(row + "b");
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.isStored(row + "b")).isTrue();
    }

    /** To Connector/J this is a lost connection. */
    @Test
    void anApplicationsOwnSignalLosesNothing() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        long session = pooled.session();

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.execute("signal sqlstate '45000'"));

        assertThat(pooled.session()).isEqualTo(session);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
        pooled.managed().cleanup();
        assertThat(bench.lives(session)).isTrue();
        assertThat(pooled.events()).isEmpty();
    }

    @Test
    void aDuplicateKeyLosesNothing() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row));

        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }
}

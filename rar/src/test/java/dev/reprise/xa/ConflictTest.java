// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.replay.Target;
import dev.reprise.xa.ReplayTest.Mode;
import jakarta.resource.ResourceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A transaction that the database undoes in favour of another one is run again, on the same connection. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Server.class)
class ConflictTest {

    @RegisterExtension
    final Bench bench;

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);
    private Connection other;

    ConflictTest(Server server) {
        bench = new Bench(server);
    }

    @BeforeEach
    void store() throws SQLException {
        bench.administer("insert into work (name, n) values ('" + row + "1', 1), ('" + row + "2', 1)");
        other = bench.database().administrator();
        if (bench.server() == Server.POSTGRESQL) {
            Pooled.execute(other, "set deadlock_timeout = '1h'"); // whoever looks for a deadlock is its victim
        }
        other.setAutoCommit(false);
        for (int i = 0; i < 20; i++) { // on MariaDB it is who has changed less
            Pooled.execute(other, "insert into work (name) values ('" + row + "more" + i + "')");
        }
    }

    @AfterEach
    void close() throws SQLException {
        other.close();
    }

    private Pooled open() throws ResourceException {
        return bench.open(factory());
    }

    private RepriseManagedConnectionFactory factory() {
        RepriseManagedConnectionFactory factory = bench.factory(15_000);
        factory.setReplay("on");
        factory.setTransactionIsolation("REPEATABLE_READ");
        return factory;
    }

    private String add(int n, int to) {
        return "update work set n = n + " + n + " where name = '" + row + to + "'";
    }

    private static long read(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select n from work where name = '" + name + "'")) {
            return rows.next() ? rows.getLong(1) : -1;
        }
    }

    /** The other one has the second row, waits for the first one, and commits when it has got it. */
    private CompletableFuture<Void> theOtherOneWaits() throws Exception {
        Pooled.execute(other, add(100, 2));
        long session = bench.server() == Server.MARIADB
                ? other.unwrap(org.mariadb.jdbc.Connection.class).getThreadId()
                : other.unwrap(org.postgresql.PGConnection.class).getBackendPID();
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try {
                Pooled.execute(other, add(100, 1));
                other.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await()
                .atMost(Bench.SOON)
                .until(() -> bench.query(
                                bench.server() == Server.MARIADB
                                        ? "select count(*) from information_schema.innodb_trx where trx_state = 'LOCK WAIT'"
                                                + " and trx_mysql_thread_id = " + session
                                        : "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and pid = "
                                                + session)
                        == 1);
        return ended;
    }

    @ParameterizedTest
    @EnumSource
    void theVictimOfADeadlockDoesNotNotice(Mode mode) throws Exception {
        Pooled victim = open();
        long session = victim.session();
        ReplayTest.begin(victim, xid, mode);
        try (PreparedStatement insert = victim.handle().prepareStatement("insert into work (name, n) values (?, ?)");
                Statement update = victim.handle().createStatement()) {
            insert.setString(1, row + "new");
            insert.setInt(2, 7);
            assertThat(insert.executeUpdate()).isOne();
            assertThat(read(victim.handle(), row + "new")).isEqualTo(7);
            assertThat(update.executeUpdate(add(1, 1))).isOne();
            var first = (Statement) Objects.requireNonNull(((Target) update).driverObject());
            CompletableFuture<Void> ended = theOtherOneWaits();
            assertThat(update.executeUpdate(add(1, 2))).isOne();
            ended.get(30, TimeUnit.SECONDS);
            assertThat(first.isClosed()).isTrue();
            insert.setString(1, row + "newer");
            assertThat(insert.executeUpdate()).isOne();
        }
        ReplayTest.commit(victim, xid, mode);

        assertThat(bench.query("select n from work where name = '" + row + "1'"))
                .isEqualTo(102);
        assertThat(bench.query("select n from work where name = '" + row + "2'"))
                .isEqualTo(102);
        assertThat(bench.query("select n from work where name = '" + row + "new'"))
                .isEqualTo(7);
        assertThat(bench.query("select n from work where name = '" + row + "newer'"))
                .isEqualTo(7);
        assertThat(victim.session()).isEqualTo(session);
        assertThat(victim.events()).isEmpty();
    }

    /** It is told what the database has said, and nothing else. */
    private void assertUndone(Pooled victim, CompletableFuture<Void> ended) throws Exception {
        var told = catchThrowableOfType(SQLException.class, () -> victim.execute(add(1, 2)));
        assertThat(told.getSQLState()).isIn("40001", "40P01");
        assertThat(told.getMessage()).doesNotContain("run again");
        ended.get(30, TimeUnit.SECONDS);
        victim.end(xid);
        assertThat(Codes.code(() -> victim.xa().commit(xid, true))).isBetween(100, 107);
        assertThat(bench.query("select n from work where name = '" + row + "1'"))
                .isEqualTo(101);
        assertThat(bench.query("select n from work where name = '" + row + "2'"))
                .isEqualTo(101);
        assertThat(victim.handle().getNetworkTimeout()).isZero();
        victim.insert(row + "after");
        assertThat(bench.isStored(row + "after")).isTrue();
        assertThat(victim.events()).isEmpty();
    }

    @Test
    void whatTheOtherOneHasChangedIsNotOverlooked() throws Exception {
        Pooled victim = open();
        victim.start(xid);
        victim.execute(add(1, 1));
        assertThat(read(victim.handle(), row + "1")).isEqualTo(2);
        assertUndone(victim, theOtherOneWaits());
    }

    @Test
    void aTaintIsInTheWay() throws Exception {
        Pooled victim = open();
        victim.start(xid);
        victim.session();
        victim.execute(add(1, 1));
        assertUndone(victim, theOtherOneWaits());
    }

    @Test
    void aTableWithoutTransactionsIsInTheWay() throws Exception {
        assumeTrue(bench.server() == Server.MARIADB, "PostgreSQL has no such thing");
        bench.administer("create table plain_" + row + " (a int) engine=Aria transactional=0");
        try {
            Pooled victim = open();
            victim.start(xid);
            victim.execute(add(1, 1));
            assertUndone(victim, theOtherOneWaits());
        } finally {
            bench.administer("drop table plain_" + row);
        }
    }

    private Pooled openWithSnapshots() throws ResourceException {
        RepriseManagedConnectionFactory factory = factory();
        if (bench.server() == Server.MARIADB) {
            factory.setNewConnectionSql("set innodb_snapshot_isolation = on"); // otherwise it takes the newer row
        }
        return bench.open(factory);
    }

    @Test
    void aRowThatHasChangedSinceTheSnapshot() throws Exception {
        Pooled late = openWithSnapshots();
        late.start(xid);
        assertThat(read(late.handle(), row + "2")).isOne();
        Pooled.execute(other, add(100, 1));
        other.commit();
        late.execute(add(1, 1));
        late.end(xid);
        late.xa().commit(xid, true);
        assertThat(bench.query("select n from work where name = '" + row + "1'"))
                .isEqualTo(102);
    }

    /** Whoever gives way again and again is left to the retry. */
    @Test
    void notForEver() throws Exception {
        other.commit();
        Pooled late = openWithSnapshots();
        late.start(xid);
        for (int i = 0; i < 4; i++) {
            String more = row + "more" + i;
            assertThat(read(late.handle(), row + "1")).isOne();
            Pooled.execute(other, "update work set n = n + 100 where name = '" + more + "'");
            other.commit();
            String update = "update work set n = n + 1 where name = '" + more + "'";
            if (i < 3) {
                late.execute(update);
            } else {
                assertThatExceptionOfType(SQLException.class).isThrownBy(() -> late.execute(update));
            }
        }
        late.end(xid);
        assertThat(Codes.code(() -> late.xa().commit(xid, true))).isBetween(100, 107);
        assertThat(bench.query("select max(n) from work where name like '" + row + "more%'"))
                .isEqualTo(100);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.TestDatabase;
import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.Pause;
import jakarta.resource.ResourceException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction loses its connection on the way, and the application does not notice; or it is rolled back cleanly. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Server.class)
class ReplayTest {

    private static final int CONTROL_MILLIS = 1_500;

    @RegisterExtension
    final Bench bench;

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    ReplayTest(Server server) {
        bench = new Bench(server);
    }

    private Pooled open() throws ResourceException {
        RepriseManagedConnectionFactory factory = bench.factory(CONTROL_MILLIS);
        factory.setReplay("on");
        return bench.open(factory);
    }

    /** In what kind of transaction. */
    enum Mode {
        ONE_PHASE,
        TWO_PHASE,
        LOCAL
    }

    static void begin(Pooled pooled, BranchId xid, Mode mode) throws Exception {
        if (mode == Mode.LOCAL) {
            pooled.local().begin();
        } else {
            pooled.start(xid);
        }
    }

    static void commit(Pooled pooled, BranchId xid, Mode mode) throws Exception {
        switch (mode) {
            case LOCAL -> pooled.local().commit();
            case ONE_PHASE -> {
                pooled.end(xid);
                pooled.xa().commit(xid, true);
            }
            case TWO_PHASE -> {
                pooled.end(xid);
                assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_OK);
                pooled.xa().commit(xid, false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationDoesNotNotice(Mode mode) throws Exception {
        for (Mishap mishap : Mishap.values()) {
            for (String lost : List.of("insert", "update", "select n", "delete")) {
                String name = row + mishap + lost.charAt(0);
                Pooled pooled = open();
                long session = pooled.session();
                begin(pooled, xid, mode);
                Connection connection = pooled.handle();
                connection.setNetworkTimeout(Runnable::run, CONTROL_MILLIS);
                mishap.arm(bench, lost, session);
                try (PreparedStatement insert =
                                connection.prepareStatement("insert into work (name, n) values (?, ?)");
                        Statement other = connection.createStatement()) {
                    insert.setString(1, name);
                    insert.setInt(2, 1);
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                    insert.setString(1, name + "2");
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                    assertThat(other.executeUpdate("update work set n = n + 10 where name = '" + name + "'"))
                            .isEqualTo(1);
                    try (ResultSet rows = other.executeQuery(
                            "select n, name from work where name like '" + name + "%' order by name")) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt(1)).isEqualTo(11);
                        assertThat(rows.getString("name")).isEqualTo(name);
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt(1)).isEqualTo(1);
                        assertThat(rows.next()).isFalse();
                    }
                    assertThat(other.executeUpdate("delete from work where name = '" + name + "2'"))
                            .isEqualTo(1);
                }
                bench.proxy().disarmAll();
                commit(pooled, xid, mode);
                assertThat(bench.query("select n from work where name = '" + name + "'"))
                        .as(name)
                        .isEqualTo(11);
                assertThat(bench.isStored(name + "2")).isFalse();
                assertThat(pooled.events()).isEmpty();
                assertThat(pooled.session()).isNotEqualTo(session);
            }
        }
    }

    /** Each as it was: what is stored is what a transaction stores that is not lost. */
    @Test
    void parametersAndValuesOfEachType() throws Exception {
        bench.administer("create table if not exists of_each_type (name varchar(60), a boolean, b smallint, c smallint,"
                + " d bigint, e real, f double precision, g numeric(20, 5), h varchar(9), i date, j time,"
                + " k timestamp, l integer, m varchar(9), n integer)");
        if (bench.server() == Server.POSTGRESQL) {
            bench.administer("grant all on of_each_type to public");
        }
        for (boolean lost : List.of(false, true)) {
            Pooled pooled = open();
            pooled.start(xid);
            storeAndRead(pooled.handle(), row + lost);
            if (lost) {
                bench.proxy().resetAll();
            }
            try (Statement update = pooled.handle().createStatement()) {
                update.executeUpdate("update of_each_type set n = n + 1 where name = '" + row + lost + "'");
            }
            pooled.end(xid);
            pooled.xa().commit(xid, true);
        }
        String columns = "a, b, c, d, e, f, g, h, i, j, k, m, n";
        assertThat(bench.query(
                        "select count(*) from (select distinct " + columns + " from of_each_type where name like '"
                                + row + "%' and n = 0 and l is null and d = " + Long.MIN_VALUE + ") as together"))
                .isEqualTo(1);
        assertThat(bench.query("select count(*) from of_each_type where name like '" + row + "%'"))
                .isEqualTo(2);
    }

    private static void storeAndRead(Connection connection, String name) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into of_each_type values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, name);
            insert.setBoolean(2, true);
            insert.setByte(3, Byte.MIN_VALUE);
            insert.setShort(4, Short.MAX_VALUE);
            insert.setLong(5, Long.MIN_VALUE);
            insert.setFloat(6, -1.5f);
            insert.setDouble(7, Math.PI);
            insert.setBigDecimal(8, new BigDecimal("123456789.98765"));
            insert.setObject(9, "text");
            insert.setDate(10, Date.valueOf("2024-02-29"));
            insert.setTime(11, Time.valueOf("12:34:56"));
            insert.setTimestamp(12, Timestamp.valueOf("2024-02-29 12:34:56"));
            insert.setNull(13, Types.INTEGER);
            insert.setObject(14, "another", Types.VARCHAR);
            insert.setInt(15, -1);
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
        try (PreparedStatement query = connection.prepareStatement("select * from of_each_type where name = ?")) {
            query.setString(1, name);
            try (ResultSet stored = query.executeQuery()) {
                assertThat(stored.next()).isTrue();
                assertThat(stored.getBoolean(2)).isTrue();
                assertThat(stored.getByte(3)).isEqualTo(Byte.MIN_VALUE);
                assertThat(stored.getShort(4)).isEqualTo(Short.MAX_VALUE);
                assertThat(stored.getLong(5)).isEqualTo(Long.MIN_VALUE);
                assertThat(stored.getFloat(6)).isEqualTo(-1.5f);
                assertThat(stored.getDouble(7)).isEqualTo(Math.PI);
                assertThat(stored.getBigDecimal(8)).isEqualTo("123456789.98765");
                assertThat(stored.getObject(9)).isEqualTo("text");
                assertThat(stored.getDate(10)).hasToString("2024-02-29");
                assertThat(stored.getTime(11)).hasToString("12:34:56");
                assertThat(stored.getTimestamp(12)).hasToString("2024-02-29 12:34:56.0");
                assertThat(stored.getInt(13)).isZero();
                assertThat(stored.wasNull()).isTrue();
                assertThat(stored.getInt("n")).isEqualTo(-1);
                assertThat(stored.next()).isFalse();
            }
        }
    }

    private void store(String name, int n) throws SQLException {
        bench.administer("insert into work (name, n) values ('" + name + "', " + n + ")");
    }

    private long read(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select n from work where name = '" + name + "'")) {
            return rows.next() ? rows.getLong(1) : -1;
        }
    }

    private void add(Connection connection, String name, int n) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("update work set n = n + " + n + " where name = '" + name + "'");
        }
    }

    /** The connection is lost, and the next statement is refused for this reason; nothing of the transaction is left. */
    private void assertGivenUp(Pooled pooled, String reason) throws Exception {
        bench.proxy().resetAll();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> add(pooled.handle(), row, 1))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40001"))
                .withMessageContaining("can be repeated")
                .withMessageContaining(reason);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> add(pooled.handle(), row, 1));
        pooled.end(xid);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isBetween(100, 107);
        bench.assertFree(row);
        assertThat(bench.database().preparedXids()).isEmpty();
    }

    @Test
    void whatOthersHaveChangedIsNotOverlooked() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        assertThat(read(pooled.handle(), row)).isEqualTo(1);
        bench.administer("update work set n = 5 where name = '" + row + "'");
        assertGivenUp(pooled, "other values");
        assertThat(pooled.handle().getNetworkTimeout()).as("of the replay").isZero();
    }

    @Test
    void aRowThatOthersHaveTakenAwayIsNotOverlooked() throws Exception {
        store(row, 1);
        store(row + "2", 1);
        Pooled pooled = open();
        pooled.start(xid);
        assertThat(read(pooled.handle(), row + "2")).isEqualTo(1);
        bench.administer("delete from work where name = '" + row + "2'");
        assertGivenUp(pooled, "more rows, or less");
    }

    @Test
    void anUpdateThatMeetsNothingAnyMoreIsNotOverlooked() throws Exception {
        store(row, 1);
        store(row + "2", 1);
        Pooled pooled = open();
        pooled.start(xid);
        add(pooled.handle(), row + "2", 1);
        bench.proxy().resetAll();
        bench.administer("delete from work where name = '" + row + "2'");
        assertGivenUp(pooled, "a call gave 0 where it had given 1");
    }

    /** As if the transaction had begun later. */
    @Test
    void whatWasNotSeenMayBeAnother() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        bench.proxy().resetAll();
        bench.administer("update work set n = n * 10 where name = '" + row + "'");
        assertThat(read(pooled.handle(), row)).isEqualTo(11);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(11);
    }

    @Test
    void theVeryFirstStatementIsLost() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        bench.proxy().resetAll();
        add(pooled.handle(), row, 1);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void aHalfReadResultSetGoesOn(int fetchSize) throws Exception {
        for (int i = 0; i < 9; i++) {
            store(row + i, i);
        }
        Pooled pooled = open();
        pooled.start(xid);
        try (PreparedStatement query =
                pooled.handle().prepareStatement("select name, n from work where name like ? order by name")) {
            query.setFetchSize(fetchSize);
            query.setString(1, row + "%");
            try (ResultSet rows = query.executeQuery()) {
                for (int i = 0; i < 4; i++) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(1)).isEqualTo(row + i);
                }
                bench.proxy().resetAll();
                if (fetchSize == 0) {
                    add(pooled.handle(), row + 0, 100);
                }
                assertThat(rows.getInt("n")).isEqualTo(3);
                for (int i = 4; i < 9; i++) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(2)).isEqualTo(i);
                }
                assertThat(rows.next()).isFalse();
            }
        }
        add(pooled.handle(), row + 1, 100); // MariaDB's driver may have read all rows before
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(pooled.events()).isEmpty();
    }

    @Test
    void itIsLostAgainWhileItIsRunAgain() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        pooled.insert(row + "new");
        add(pooled.handle(), row, 1);
        bench.proxy().onRequest("select n").cutBefore();
        bench.proxy().onRequest("update work").cutAfter();
        assertThat(read(pooled.handle(), row)).isEqualTo(2);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(2);
        assertThat(bench.isStored(row + "new")).isTrue();
    }

    /** That somebody else has the row for a while tells nothing about what the transaction has seen. */
    @Test
    void aLockThatIsNotGotInTimeIsWaitedForAgain() throws Exception {
        store(row, 1);
        RepriseManagedConnectionFactory factory = bench.factory(CONTROL_MILLIS);
        factory.setReplay("on");
        factory.setNewConnectionSql(
                bench.server() == Server.MARIADB ? "set innodb_lock_wait_timeout = 1" : "set lock_timeout = '500ms'");
        Pooled pooled = bench.open(factory);
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        bench.proxy().resetAll();
        try (Connection other = bench.database().administrator()) {
            other.setAutoCommit(false);
            Pooled.execute(other, "update work set n = n * 10 where name = '" + row + "'");
            CompletableFuture<Void> freed = CompletableFuture.runAsync(() -> commitAfterTheSecondAttempt(other));
            add(pooled.handle(), row, 1);
            freed.get(30, TimeUnit.SECONDS);
        }
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(12);
    }

    /** MariaDB says the same as before to whoever asks again within 0.1 s. */
    private void commitAfterTheSecondAttempt(Connection other) {
        Set<Long> sessions = new HashSet<>();
        try {
            Awaitility.await()
                    .atMost(Bench.SOON)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        sessions.add(bench.query(
                                bench.server() == Server.MARIADB
                                        ? "select max(trx_mysql_thread_id) from information_schema.innodb_trx"
                                                + " where trx_state = 'LOCK WAIT'"
                                        : "select max(pid) from pg_stat_activity where wait_event_type = 'Lock'"));
                        sessions.remove(0L);
                        return sessions.size() > 1;
                    });
            other.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoeverCannotConnectInTimeIsToldSo() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.xa().setTransactionTimeout(2);
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        bench.proxy().refuse();
        bench.proxy().resetAll();
        assertTimeout(
                Bench.SOON,
                () -> assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> add(pooled.handle(), row, 1))
                        .withMessageContaining("there was no time left: ")
                        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40001")));
        bench.proxy().accept();
        pooled.xa().rollback(xid);
        bench.assertFree(row);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select count(*) from work where name = concat('a', current_user())|what only the session knows",
                "select 1 into outfile '/nowhere'|SELECT INTO",
                "create temporary table t1 (a int)|a statement of another kind: create",
                "select not_known(1)|a function that is not known: not_known"
            })
    void aStatementThatTaints(String sql, String reason) throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        try {
            pooled.execute(sql);
        } catch (SQLException e) {
            assumeTrue(bench.server() == Server.MARIADB, "PostgreSQL has undone it for its failure");
        }
        assertGivenUp(pooled, reason);
    }

    @Test
    void anUnwrappedDriverTaints() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        assertThat(pooled.handle().unwrap(driver())).isNotNull();
        assertGivenUp(pooled, "unwrapped");
    }

    private Class<?> driver() throws ClassNotFoundException {
        return Class.forName(
                bench.server() == Server.MARIADB ? "org.mariadb.jdbc.Connection" : "org.postgresql.PGConnection");
    }

    @Test
    void aStreamTaints() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        try (PreparedStatement insert = pooled.handle().prepareStatement("insert into work (name) values (?)")) {
            insert.setCharacterStream(1, new StringReader(row + "s"));
            insert.executeUpdate();
        }
        assertGivenUp(pooled, "setCharacterStream");
    }

    @Test
    void aStatementFromBeforeTaints() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        try (Statement before = pooled.handle().createStatement()) {
            pooled.start(xid);
            before.execute("select n from work where name = '" + row + "'");
            assertGivenUp(pooled, "older than the transaction");
        }
    }

    /** Nothing else is called in the transaction before. */
    @Test
    void aStatementOfTheTransactionBeforeTaints() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        try (PreparedStatement before =
                pooled.handle().prepareStatement("update work set n = n + 1 where name = '" + row + "'")) {
            assertThat(before.executeUpdate()).isEqualTo(1);
            pooled.end(xid);
            pooled.xa().commit(xid, true);
            pooled.start(xid);
            assertThat(before.executeUpdate()).isEqualTo(1);
            assertGivenUp(pooled, "older than the transaction");
        }
    }

    @Test
    void aSessionThatWasChangedTaints() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.handle().setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        pooled.start(xid);
        assertGivenUp(pooled, "changed before the transaction");
    }

    @Test
    void whatWasSetOnTheSessionByAnotherTransactionTaints() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.execute(bench.server() == Server.MARIADB ? "set @a = 1" : "set extra_float_digits = 0");
        pooled.start(xid);
        assertGivenUp(pooled, "the session is not as a new one");
    }

    @Test
    void aTableThatAnotherTransactionHasMadeOrDroppedDoesNotTaint() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.execute("drop table if exists there_is_none");
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        bench.proxy().resetAll();
        add(pooled.handle(), row, 1);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(3);
    }

    @Test
    void tooManyCalls() throws Exception {
        store(row, 1);
        RepriseManagedConnectionFactory factory = bench.factory(CONTROL_MILLIS);
        factory.setReplay("on");
        factory.setReplayMaxCalls("10");
        Pooled pooled = bench.open(factory);
        pooled.start(xid);
        for (int i = 0; i < 11; i++) {
            add(pooled.handle(), row, 1);
        }
        assertGivenUp(pooled, "more than 10 calls");
    }

    @Test
    void tooManyBytes() throws Exception {
        store(row, 1);
        RepriseManagedConnectionFactory factory = bench.factory(CONTROL_MILLIS);
        factory.setReplay("on");
        factory.setReplayMaxBytes("2000");
        Pooled pooled = bench.open(factory);
        pooled.start(xid);
        try (PreparedStatement query = pooled.handle().prepareStatement("select n from work where name = ?")) {
            query.setString(1, "x".repeat(3_000));
            query.execute();
        }
        assertGivenUp(pooled, "more than 2000 bytes");
    }

    /** MariaDB can be told which key comes next; a number of a sequence is gone for good. */
    @Test
    void generatedKeysAreTheSameOrItIsGivenUp() throws Exception {
        store(row, 1);
        String table = "keyed_" + row;
        bench.administer("create table " + table + " (id "
                + (bench.server() == Server.MARIADB
                        ? "int auto_increment primary key"
                        : "int generated by default as identity primary key")
                + ", n int)");
        if (bench.server() == Server.POSTGRESQL) {
            bench.administer("grant all on " + table + " to public");
        }
        Pooled pooled = open();
        pooled.start(xid);
        try (PreparedStatement insert = pooled.handle()
                .prepareStatement("insert into " + table + " (n) values (1)", Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 1; i <= 2; i++) {
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    assertThat(keys.next()).isTrue();
                    assertThat(keys.getLong(1)).isEqualTo(2 * i - 1);
                }
                bench.administer("insert into " + table + " (n) values (0)");
            }
        }
        if (bench.server() == Server.POSTGRESQL) {
            assertGivenUp(pooled, "other values");
            return;
        }
        bench.proxy().resetAll();
        add(pooled.handle(), row, 1);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select sum(id) from " + table + " where n = 1")).isEqualTo(4);
    }

    @Test
    void aTableWithoutTransactionsIsInTheWay() throws Exception {
        assumeTrue(bench.server() == Server.MARIADB, "PostgreSQL has no such thing");
        store(row, 1);
        bench.administer("create table plain_" + row + " (a int) engine=Aria transactional=0");
        try {
            Pooled pooled = open();
            pooled.start(xid);
            assertGivenUp(pooled, "a table without transactions exists");
        } finally {
            bench.administer("drop table plain_" + row);
        }
    }

    /** What MariaDB does not undo when a statement fails stays done, and is done again. */
    @Test
    void aFailedStatementFailsAgain() throws Exception {
        store(row, 1);
        assumeTrue(bench.server() == Server.MARIADB, "PostgreSQL's transaction would be undone");
        Pooled pooled = open();
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row));
        bench.proxy().resetAll();
        assertThat(read(pooled.handle(), row)).isEqualTo(2);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
    }

    /** The reaper of the transaction manager ends the branch while it is run again. */
    @Test
    void itIsRolledBackMeanwhile() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        bench.proxy().resetAll();
        Pause paused = bench.proxy().onRequest("update work").pauseBefore();
        var worker = new FutureTask<>(() -> read(pooled.handle(), row));
        var thread = new Thread(worker);
        thread.start();
        paused.awaitReached(Bench.SOON);
        pooled.xa().rollback(xid);
        paused.release();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> worker.get(15, TimeUnit.SECONDS))
                .withCauseInstanceOf(SQLException.class);
        bench.assertFree(row);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(101);
    }

    /** As Hibernate does it: each statement has a handle of its own, which is closed when the next is lost. */
    @Test
    void handlesThatAreClosedByNow() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        try (Connection first = pooled.newHandle()) {
            assertThat(first.getMetaData().getDatabaseProductName()).isNotEmpty();
            first.setReadOnly(false);
            assertThat((Object) first.getWarnings()).isNull();
            add(first, row, 1);
            Statement left = first.createStatement();
            assertThat(left.executeUpdate("update work set n = n + 1 where name = '" + row + "'"))
                    .isEqualTo(1);
        }
        try (Connection second = pooled.newHandle()) {
            bench.proxy().resetAll();
            assertThat(read(second, row)).isEqualTo(3);
        }
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(3);
    }

    /** The server is silent when the transaction is run again. */
    @Test
    void aReplayDoesNotWaitForEver() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.xa().setTransactionTimeout(3);
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        bench.proxy().onRequest("update work").times(5).stallBefore();
        bench.proxy().resetAll();
        assertTimeout(
                Bench.SOON,
                () -> assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> read(pooled.handle(), row))
                        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40001")));
        bench.proxy().disarmAll();
        pooled.xa().rollback(xid);
        bench.assertFree(row);
    }

    /** The server does not learn that the first one is over: it would go on to hold its locks. */
    @ParameterizedTest
    @EnumSource
    void theLostSessionIsEnded(Mode mode) throws Exception {
        store(row, 1);
        Pooled pooled = open();
        long session = pooled.session();
        begin(pooled, xid, mode);
        pooled.handle().setNetworkTimeout(Runnable::run, CONTROL_MILLIS);
        add(pooled.handle(), row, 1);
        bench.proxy().leaveHalfOpen();
        bench.proxy().onRequest("select n").stallBefore();
        assertTimeout(Bench.SOON, () -> assertThat(read(pooled.handle(), row)).isEqualTo(2));
        assertThat(bench.lives(session)).isFalse();
        commit(pooled, xid, mode);
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(2);
    }

    @Test
    void aServerThatTookItsPlaceIsNotTrusted() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        add(pooled.handle(), row, 0);
        try (DatabaseServer empty = bench.server().startAnother()) {
            bench.server().createTables(empty);
            TestDatabase.execute(empty, "insert into work (name, n) values ('" + row + "', 1)");
            bench.proxy().retarget(empty.port());
            assertGivenUp(pooled, "another server");
            assertThat(TestDatabase.number(empty, "select n from work where name = '" + row + "'"))
                    .isEqualTo(1);
        } finally {
            bench.proxy().retarget(bench.database().port());
        }
    }

    /** The undoing of the first one takes its time, and the second one waits for it. */
    @Test
    void muchHasToBeUndoneBefore() throws Exception {
        store(row, 1);
        String many = "many_" + row;
        bench.administer("create table " + many + " (a int)");
        if (bench.server() == Server.POSTGRESQL) {
            bench.administer("grant all on " + many + " to public");
        }
        bench.administer("insert into " + many + " values (1), (1), (1), (1), (1), (1), (1), (1), (1), (1)");
        for (int i = 0; i < 2; i++) {
            bench.administer("insert into " + many + " select a.a from " + many + " a, " + many + " b");
        }
        Pooled pooled = open();
        pooled.start(xid);
        try (Statement statement = pooled.handle().createStatement()) {
            assertThat(statement.executeUpdate("insert into " + many + " select a.a from " + many
                            + " a, (select 1 from " + many + " limit 20) b"))
                    .isGreaterThan(200_000);
        }
        bench.proxy().resetAll();
        assertThat(read(pooled.handle(), row)).isEqualTo(1);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select count(*) from " + many)).isGreaterThan(200_000);
        bench.administer("drop table " + many);
    }

    /** The server is started again in the middle. */
    @Test
    void theServerIsRestarted() throws Exception {
        try (DatabaseServer own = bench.server().startAnother()) {
            bench.server().createTables(own);
            TestDatabase.execute(own, "insert into work (name, n) values ('" + row + "', 1)");
            bench.proxy().retarget(own.port());
            Pooled pooled = open();
            pooled.start(xid);
            assertThat(read(pooled.handle(), row)).isEqualTo(1);
            add(pooled.handle(), row, 1);
            own.kill();
            own.start();
            add(pooled.handle(), row, 1);
            pooled.end(xid);
            pooled.xa().commit(xid, true);
            assertThat(TestDatabase.number(own, "select n from work where name = '" + row + "'"))
                    .isEqualTo(3);
            pooled.managed().destroy();
        } finally {
            bench.proxy().retarget(bench.database().port());
        }
    }

    /** Also where PostgreSQL needs them to go on after a failure. */
    @Test
    void savepointsAreSetAgain() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.local().begin();
        Connection connection = pooled.handle();
        add(connection, row, 1);
        Savepoint first = connection.setSavepoint();
        add(connection, row, 10);
        Savepoint second = connection.setSavepoint("second");
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row));
        connection.rollback(second);
        add(connection, row, 100);
        bench.proxy().resetAll();
        connection.releaseSavepoint(second);
        assertThat(read(connection, row)).isEqualTo(112);
        bench.proxy().resetAll();
        connection.rollback(first);
        assertThat(read(connection, row)).isEqualTo(2);
        pooled.local().commit();
        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(2);
    }

    /** Whoever aborts a connection means it. */
    @Test
    void anAbortedConnectionIsNotMadeGood() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        Pause paused = bench.proxy().onRequest("update work").pauseBefore();
        var worker = new FutureTask<>(() -> {
            add(pooled.handle(), row, 1);
            return null;
        });
        new Thread(worker).start();
        paused.awaitReached(Bench.SOON);
        pooled.handle().abort(Runnable::run);
        paused.release();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> worker.get(15, TimeUnit.SECONDS))
                .withCauseInstanceOf(SQLException.class);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> read(pooled.handle(), row));
        pooled.xa().rollback(xid);
        bench.assertFree(row);
    }

    /** The container destroys the connection while its transaction is run again. */
    @Test
    void nothingIsLeftOfAConnectionThatIsDestroyedMeanwhile() throws Exception {
        store(row, 1);
        Pooled pooled = open();
        pooled.start(xid);
        add(pooled.handle(), row, 1);
        bench.proxy().refuse();
        bench.proxy().resetAll();
        var worker = new FutureTask<>(() -> read(pooled.handle(), row));
        var thread = new Thread(worker);
        thread.start();
        Awaitility.await() // between two attempts to connect
                .atMost(Bench.SOON)
                .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        pooled.managed().destroy();
        bench.proxy().accept();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> worker.get(15, TimeUnit.SECONDS))
                .withCauseInstanceOf(SQLException.class);
        Awaitility.await().atMost(Bench.SOON).until(() -> bench.proxy().connections() == 0);
        bench.assertFree(row);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.StringReader;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * As {@link FaultProxyTest}, where the protocol of PostgreSQL makes a difference: pgjdbc sends several messages at once,
 * and names in place of the texts that it has sent often.
 */
@Timeout(60)
class PostgreSqlFaultsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** More often than it takes until the driver names a statement. */
    private static final int OFTEN = 8;

    private static PostgreSql database;

    private FaultProxy proxy;
    private Connection connection;

    @BeforeAll
    static void start() {
        database = PostgreSql.start(PostgreSqlOptions.defaults());
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        try (Connection direct = database.connect();
                Statement statement = direct.createStatement()) {
            statement.execute("drop table if exists t");
            statement.execute("create table t (id int primary key)");
        }
        proxy = FaultProxy.of(database);
        connection = open("");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        proxy.close();
        for (String xid : database.preparedXids()) {
            database.rollBackPrepared(xid);
        }
    }

    /** A client that gives up after a second without an answer. */
    private Connection open(String options) throws SQLException {
        String url = database.jdbcUrl(proxy.port()) + "&socketTimeout=1" + options;
        return DriverManager.getConnection(url, database.user(), database.password());
    }

    private void insert(int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("insert into t values (?)")) {
            statement.setInt(1, id);
            statement.executeUpdate();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(String sql) throws SQLException {
        try (Connection direct = database.administrator();
                Statement statement = direct.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static int rows() throws SQLException {
        return number("select count(*) from t");
    }

    private static void awaitNoSession() {
        Awaitility.await()
                .atMost(SOON)
                .until(() -> number("select count(*) from pg_stat_activity where usename = 'app'") == 0);
    }

    private static void assertLost(ThrowingCallable call) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.getSQLState()).startsWith("08"));
    }

    private static void assertTimesOut(ThrowingCallable call) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .withRootCauseInstanceOf(SocketTimeoutException.class);
    }

    @ParameterizedTest
    @CsvSource({"CUT_BEFORE, 0", "CUT_AFTER, 1"})
    void statementIsCut(FaultKind kind, int stored) throws SQLException {
        Trigger trigger = proxy.onRequest("INTO T").arm(kind);
        assertLost(() -> insert(1));
        trigger.awaitHit(SOON);
        awaitNoSession();
        assertThat(rows()).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource({"STALL_BEFORE, 0", "LOSE_REPLY_AND_STALL, 1"})
    void clientWaits(FaultKind kind, int stored) throws SQLException {
        Trigger trigger = proxy.onRequest("into t").arm(kind);
        assertTimesOut(() -> insert(1));
        trigger.awaitHit(SOON);
        awaitNoSession();
        assertThat(rows()).isEqualTo(stored);
    }

    @ParameterizedTest
    @CsvSource({"CUT_BEFORE, 0", "CUT_AFTER, 1"})
    void commitIsCut(FaultKind kind, int stored) throws SQLException {
        connection.setAutoCommit(false);
        insert(1);
        Trigger trigger = proxy.onRequest("commit").arm(kind);
        assertLost(connection::commit);
        trigger.awaitHit(SOON);
        awaitNoSession();
        assertThat(rows()).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"into t", "commit"})
    void isRecognizedWhenTheDriverSendsItsNameOnly(String marker) throws SQLException {
        connection.setAutoCommit(false);
        for (int i = 1; i <= OFTEN; i++) {
            insert(i);
            connection.commit();
        }
        Trigger trigger = proxy.onRequest(marker).cutBefore();
        assertLost(() -> {
            insert(OFTEN + 1);
            connection.commit();
        });
        trigger.awaitHit(SOON);
        assertThat(rows()).isEqualTo(OFTEN);
    }

    @Test
    void nothingOfARequestReachesTheServerWhileItIsHeld() throws Exception {
        execute("set application_name = 'held'");
        Pause pause = proxy.onRequest("(2)").pauseBefore();
        var insert = CompletableFuture.runAsync(() -> {
            try {
                execute("insert into t values (1); insert into t values (2)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        pause.awaitReached(SOON);
        assertThat(number("""
                select count(*) from pg_stat_activity
                where usename = 'app' and state = 'idle' and query like 'set application_name%'""")).isEqualTo(1);
        pause.release();
        insert.get(10, TimeUnit.SECONDS);
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void happensOnceInARequestThatNamesItSeveralTimes() throws SQLException {
        Trigger trigger = proxy.onRequest("into t").times(2).cutAfter();
        for (int i = 0; i < 2; i++) {
            assertLost(() -> execute("delete from t; insert into t values (1); insert into t values (2)"));
            connection = open("");
        }
        assertThat(trigger.hits()).isEqualTo(2);
        assertThat(rows()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&preferQueryMode=simple", "&prepareThreshold=1", "&reWriteBatchedInserts=true"})
    void whatIsNotConcernedIsPassedOn(String options) throws Exception {
        connection.close();
        connection = open(options);
        try (PreparedStatement batch = connection.prepareStatement("insert into t values (?)")) {
            for (int i = 1; i <= 5_000; i++) {
                batch.setInt(1, i);
                batch.addBatch();
            }
            batch.executeBatch();
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(100);
            try (ResultSet row = statement.executeQuery("select id, repeat('x', 500) from t order by id")) {
                int read = 0;
                while (row.next()) {
                    read++;
                    assertThat(row.getInt(1)).isEqualTo(read);
                }
                assertThat(read).isEqualTo(5_000);
            }
        }
        var copy = connection.unwrap(PGConnection.class).getCopyAPI();
        assertThat(copy.copyIn("copy t from stdin", new StringReader("5001\n5002\n")))
                .isEqualTo(2);
        connection.commit();
        assertThat(rows()).isEqualTo(5_002);
    }

    @Test
    void countsRepliesAfterFailuresAndCopies() throws Exception {
        execute("insert into t values (1)");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> insert(1))
                .withMessageContaining("duplicate key");
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy t from stdin", new StringReader("2\n"));
        Trigger trigger = proxy.onRequest("(3)").cutAfter();
        assertLost(() -> execute("insert into t values (3)"));
        trigger.awaitHit(SOON);
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void statementIsCancelledThroughTheProxy() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 20_000);
            statement.setQueryTimeout(1);
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("select pg_sleep(15)"))
                    .withMessageContaining("canceling statement");
        }
        insert(1);
        assertThat(rows()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"CUT_BEFORE, 0", "CUT_AFTER, 1"})
    void prepareIsCut(FaultKind kind, int prepared) throws SQLException {
        execute("begin");
        insert(1);
        Trigger trigger = proxy.onRequest("prepare transaction").arm(kind);
        assertLost(() -> execute("prepare transaction 'x'"));
        trigger.awaitHit(SOON);
        awaitNoSession();
        assertThat(database.preparedXids()).hasSize(prepared);
    }

    @Test
    void happensInOneSessionOnly() throws SQLException {
        long wanted = connection.unwrap(PGConnection.class).getBackendPID();
        proxy.onRequest("into t").inSession(id -> id == wanted).times(5).cutBefore();
        try (Connection other = open("");
                Statement statement = other.createStatement()) {
            statement.execute("insert into t values (1)");
        }
        assertLost(() -> insert(2));
        assertThat(rows()).isEqualTo(1);
    }
}

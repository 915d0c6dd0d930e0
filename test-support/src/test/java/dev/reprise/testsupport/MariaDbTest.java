// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of whatever kind {@code reprise.database} asks for. */
@Timeout(120)
class MariaDbTest {

    private static MariaDb database;

    @BeforeAll
    static void start() {
        database = MariaDb.start(MariaDbOptions.defaults());
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void table() throws SQLException {
        execute("create or replace table t (id int primary key)");
    }

    @AfterEach
    void nothingStaysPrepared() throws SQLException {
        for (String xid : database.preparedXids()) {
            execute("xa rollback " + xid);
        }
    }

    private static void execute(String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void isTheVersionThatWeSay() throws SQLException {
        assertThat(ask("select version()")).startsWith("11.4.").endsWith("-MariaDB");
    }

    @Test
    void saysWhatKindsAreAllowed() {
        String kind = System.getProperty("reprise.database", "embedded");
        System.setProperty("reprise.database", "remote");
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MariaDb.start(MariaDbOptions.defaults()).close())
                    .withMessage("reprise.database=remote: allowed are embedded and container");
        } finally {
            System.setProperty("reprise.database", kind);
        }
    }

    @Test
    void userHasRightsOnItsOwnDatabaseOnly() throws SQLException {
        execute("create table own (id int)", "drop table own");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute("create database other"))
                .withMessageContaining("Access denied");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute("select * from mysql.global_priv"))
                .withMessageContaining("denied");
        assertThat(ask("select count(*) from information_schema.user_privileges where privilege_type <> 'USAGE'"))
                .isEqualTo("0");
    }

    @Test
    void administratorMayDoEverythingAndNobodyGetsInWithoutAName() throws SQLException {
        try (Connection connection = database.administrator();
                Statement statement = connection.createStatement()) {
            statement.execute("create database other");
            statement.execute("drop database other");
            try (ResultSet row = statement.executeQuery("select count(*) from mysql.global_priv where user = ''")) {
                row.next();
                assertThat(row.getInt(1)).isZero();
            }
        }
    }

    @Test
    void whatWasCommittedSurvivesKillOnTheSamePort() throws SQLException {
        String url = database.jdbcUrl();
        execute("insert into t values (1)");
        database.kill();
        assertThat(database.isReady()).isFalse();
        database.start();
        assertThat(database.jdbcUrl()).isEqualTo(url);
        assertThat(ask("select count(*) from t")).isEqualTo("1");
    }

    @Test
    void restartEndsSessionsAndKeepsRows() throws SQLException {
        try (Connection connection = database.connect()) {
            execute("insert into t values (1)");
            database.restart();
            assertThat(connection.isValid(1)).isFalse();
            assertThat(ask("select count(*) from t")).isEqualTo("1");
        }
    }

    @Test
    void suspendedServerDoesNotAnswerUntilResumed() throws SQLException {
        try (Connection connection = database.connect()) {
            database.suspend();
            try {
                assertThat(connection.isValid(1)).isFalse();
            } finally {
                database.resume();
            }
        }
        database.awaitReady(Duration.ofSeconds(10));
    }

    @Test
    void killsTheSessionsOfOneUserOnly() throws SQLException {
        try (Connection one = database.connect();
                Connection two = database.connect();
                Connection administrator = database.administrator()) {
            assertThat(database.killConnections(database.user())).isEqualTo(2);
            assertThat(one.isValid(5)).isFalse();
            assertThat(two.isValid(5)).isFalse();
            assertThat(administrator.isValid(5)).isTrue();
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> database.killConnections(database.user()) == 0);
    }

    @Test
    void preparedBranchesSurviveKillAndCanBeFinishedByTheirText() throws SQLException {
        execute(
                "xa start 'a',x'00ff',7",
                "insert into t values (1)",
                "xa end 'a',x'00ff',7",
                "xa prepare 'a',x'00ff',7");
        database.kill();
        database.start();
        assertThat(database.preparedXids()).containsExactly("X'61',X'00ff',7");
        execute("xa commit " + database.preparedXids().get(0));
        assertThat(database.preparedXids()).isEmpty();
        assertThat(ask("select count(*) from t")).isEqualTo("1");
    }

    @Test
    void hasABinaryLogOnlyOnRequest() throws SQLException {
        assertThat(ask("select @@log_bin")).isEqualTo("0");
        try (MariaDb logging =
                        MariaDb.start(MariaDbOptions.defaults().withBinlog().with("--innodb-lock-wait-timeout=1"));
                Connection connection = logging.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select @@log_bin, @@innodb_lock_wait_timeout")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
            assertThat(row.getInt(2)).isEqualTo(1);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedMariaDbTest {

    private static MariaDb database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        database = new EmbeddedMariaDb(MariaDbOptions.defaults());
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
        assertThat(ask("select version()")).isEqualTo("11.4.5-MariaDB");
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
    void administratorMayDoEverythingAndNobodyElseGetsIn() throws SQLException {
        try (Connection connection = database.administrator();
                Statement statement = connection.createStatement()) {
            statement.execute("create database other");
            statement.execute("drop database other");
            try (ResultSet row = statement.executeQuery(
                    "select group_concat(user order by user) from mysql.global_priv where user <> 'mariadb.sys'")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("app,root");
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
        try (MariaDb logging = new EmbeddedMariaDb(
                        MariaDbOptions.defaults().withBinlog().with("--innodb-lock-wait-timeout=1"));
                Connection connection = logging.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select @@log_bin, @@innodb_lock_wait_timeout")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
            assertThat(row.getInt(2)).isEqualTo(1);
        }
    }

    @Test
    void serverThatDoesNotStartSaysWhy() {
        MariaDbOptions wrong = MariaDbOptions.defaults().with("--no-such-option=1");
        assertThatIllegalStateException()
                .isThrownBy(() -> new EmbeddedMariaDb(wrong).close())
                .withMessageContaining("unknown variable 'no-such-option=1'");
    }

    @Test
    void refusesToBeStartedTwice() {
        assertThatIllegalStateException().isThrownBy(database::start).withMessageContaining("is running");
    }

    @Test
    void endsWithItsJvmAndLeavesNothing() {
        String[] printed =
                Jvm.run(folder.resolve("out"), StartsAndExits.class).lines().toArray(String[]::new);
        assertThat(printed).hasSize(2);
        assertThat(ProcessHandle.of(Long.parseLong(printed[0]))).isEmpty();
        assertThat(Path.of(printed[1])).doesNotExist();
    }

    /** Prints the server's process and folder, and ends without closing it. */
    static final class StartsAndExits {

        private StartsAndExits() {}

        public static void main(String... arguments) {
            var database = new EmbeddedMariaDb(MariaDbOptions.defaults());
            System.out.println(database.pid());
            System.out.println(database.folder());
            if (!Files.isDirectory(database.folder())) {
                throw new IllegalStateException("No folder");
            }
            System.exit(0);
        }
    }
}

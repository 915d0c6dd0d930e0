// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What all kinds of them have to do. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseServerTests<T extends DatabaseServer> {

    T database;

    abstract T launch();

    /** Makes a prepared branch that inserts 1, and says what is listed then. */
    abstract String prepare() throws SQLException;

    abstract String finish(String xid);

    @BeforeAll
    void start() {
        database = launch();
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @BeforeEach
    void table() throws SQLException {
        execute("drop table if exists t", "create table t (id int primary key)");
    }

    @AfterEach
    void nothingStaysPrepared() throws SQLException {
        for (String xid : database.preparedXids()) {
            database.rollBackPrepared(xid);
        }
    }

    final void execute(String... statements) throws SQLException {
        try (Connection connection = database.connect()) {
            execute(connection, statements);
        }
    }

    static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    final String ask(String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            return ask(connection, sql);
        }
    }

    static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void userMakesTablesInItsOwnDatabaseAndNoOtherDatabase() throws SQLException {
        execute("create table own (id int)", "drop table own");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute("create database other"))
                .withMessageContaining("denied");
    }

    @Test
    void administratorMayDoEverything() throws SQLException {
        try (Connection connection = database.administrator()) {
            execute(connection, "create database other", "drop database other");
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
                assertThat(database.isReady()).isFalse();
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
        String xid = prepare();
        assertThat(ask("select count(*) from t")).isEqualTo("0");
        database.kill();
        database.start();
        assertThat(database.preparedXids()).isEqualTo(List.of(xid));
        execute(finish(xid));
        assertThat(database.preparedXids()).isEmpty();
        assertThat(ask("select count(*) from t")).isEqualTo("1");
    }

    @Test
    void preparedBranchesCanBeRolledBack() throws SQLException {
        database.rollBackPrepared(prepare());
        assertThat(database.preparedXids()).isEmpty();
        assertThat(ask("select count(*) from t")).isEqualTo("0");
    }
}

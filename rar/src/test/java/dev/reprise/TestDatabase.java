// SPDX-License-Identifier: Apache-2.0
package dev.reprise;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * The one MariaDB and the one PostgreSQL that all tests of a JVM share, each started by the first that asks. A test may stop, kill, suspend or restart
 * it, and leaves it running; it makes its own tables and its own proxy.
 */
public final class TestDatabase {

    /** Its initialization is thread-safe and lazy (Java language specification, 12.4). */
    private static final class Started {
        static final MariaDb SERVER = MariaDb.start(MariaDbOptions.defaults());
    }

    private static final class StartedPostgreSql {
        static final PostgreSql SERVER = PostgreSql.start(PostgreSqlOptions.defaults());
    }

    private TestDatabase() {}

    public static MariaDb mariaDb() {
        return Started.SERVER;
    }

    public static PostgreSql postgreSql() {
        return StartedPostgreSql.SERVER;
    }

    public static FaultProxy proxy() {
        return FaultProxy.of(mariaDb());
    }

    /** With all rights and outside any proxy. */
    public static void execute(String sql) throws SQLException {
        execute(mariaDb(), sql);
    }

    public static void execute(DatabaseServer server, String sql) throws SQLException {
        try (Connection connection = server.administrator();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** With all rights and outside any proxy: the first column of the first row. */
    public static long number(String sql) throws SQLException {
        return number(mariaDb(), sql);
    }

    public static long number(DatabaseServer server, String sql) throws SQLException {
        try (Connection connection = server.administrator();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new SQLException("No row: " + sql);
            }
            return row.getLong(1);
        }
    }

    /** Ends this session, and returns when it is gone. */
    public static void kill(long session) throws SQLException {
        execute("kill connection " + session);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> number("select count(*) from information_schema.processlist where id = " + session) == 0);
    }
}

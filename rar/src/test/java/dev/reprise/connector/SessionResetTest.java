// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an application has changed by SQL is gone for the next one with {@code resetOnReturn}, on real databases. */
class SessionResetTest {

    /** What an application does to its session, and what would still tell of it. */
    private record Database(List<String> changes, List<String> traces) {}

    private static final Database MARIADB = new Database(
            List.of(
                    "set session sql_mode = 'ANSI', max_statement_time = 7, lock_wait_timeout = 7, time_zone = '+03:00'",
                    "set session transaction isolation level serializable, read only",
                    "set collation_connection = utf8mb4_bin",
                    "set session session_track_system_variables = '', session_track_schema = 0",
                    "set @application = 1",
                    "set session transaction read write",
                    "create temporary table left_behind (id int)",
                    "prepare left_behind from 'select 1'",
                    "do get_lock('left behind', 0)",
                    "select last_insert_id(7)",
                    "set role left_behind",
                    "use information_schema"),
            List.of(
                    "select variable_name, session_value from information_schema.system_variables"
                            + " where variable_scope = 'SESSION' order by variable_name",
                    "select * from information_schema.user_variables",
                    "select table_name from information_schema.tables where table_type = 'TEMPORARY'",
                    "select is_used_lock('left behind'), database(), current_role(), last_insert_id()",
                    "select state from information_schema.processlist where id = connection_id()"));

    private static final Database POSTGRESQL = new Database(
            List.of(
                    "set statement_timeout = 7000",
                    "set search_path = information_schema",
                    "set application_name = 'other'",
                    "set timezone = 'Asia/Tokyo'",
                    "set session characteristics as transaction isolation level serializable, read only",
                    "set session characteristics as transaction read write",
                    "create temporary table left_behind (id serial)",
                    "insert into left_behind default values",
                    "prepare left_behind as select 1",
                    "select pg_advisory_lock(7)",
                    "listen left_behind",
                    "set role left_behind",
                    "begin; declare left_behind cursor with hold for select 1; commit"),
            List.of(
                    "select name, setting from pg_settings order by name",
                    "select name from pg_prepared_statements where from_sql",
                    "select name from pg_cursors where name = 'left_behind'",
                    "select objid from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
                    "select pg_listening_channels()",
                    "select current_user, session_user, current_schema",
                    "select relname from pg_class where relpersistence = 't'"));

    @BeforeAll
    static void createRoles() throws SQLException {
        for (DatabaseServer server : List.of(TestDatabase.mariaDb(), TestDatabase.postgreSql())) {
            TestDatabase.execute(server, "create role left_behind");
            TestDatabase.execute(server, "grant left_behind to app");
        }
    }

    @AfterAll
    static void dropRoles() throws SQLException {
        for (DatabaseServer server : List.of(TestDatabase.mariaDb(), TestDatabase.postgreSql())) {
            TestDatabase.execute(server, "drop role left_behind");
        }
    }

    private static Database of(Pool.Kind kind) {
        return kind == Pool.Kind.MARIADB ? MARIADB : POSTGRESQL;
    }

    private static Pool resetting(Pool.Kind kind) {
        var pool = new Pool(kind);
        pool.factory().setResetOnReturn("true");
        return pool;
    }

    private static @Nullable Void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return null;
    }

    /** All that the server tells of the session. */
    private static Map<String, String> state(Connection connection, Database database) throws SQLException {
        var state = new TreeMap<String, String>();
        try (Statement statement = connection.createStatement()) {
            for (String query : database.traces()) {
                try (ResultSet row = statement.executeQuery(query)) {
                    int columns = row.getMetaData().getColumnCount();
                    for (int number = 1; row.next(); number++) {
                        String name = columns == 1 ? query + number : query.substring(0, 30) + row.getString(1);
                        var values = new StringBuilder();
                        for (int i = 1; i <= columns; i++) {
                            values.append(row.getString(i)).append('|');
                        }
                        state.put(name, values.toString());
                    }
                }
            }
        }
        state.put("isolation", String.valueOf(connection.getTransactionIsolation()));
        state.put("catalog", String.valueOf(connection.getCatalog()));
        state.put("schema", String.valueOf(connection.getSchema()));
        return state;
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "POSTGRESQL"})
    void nothingIsLeftBehind(Pool.Kind kind) throws Exception {
        try (Pool pool = resetting(kind)) {
            Map<String, String> before = pool.use(connection -> state(connection, of(kind)));
            Map<String, String> changed = pool.use(connection -> {
                run(connection, of(kind).changes());
                return state(connection, of(kind));
            });
            assertThat(changed).hasSizeGreaterThan(before.size()).isNotEqualTo(before);
            Map<String, String> after = pool.use(connection -> state(connection, of(kind)));
            assertThat(after).containsExactlyInAnyOrderEntriesOf(before);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "POSTGRESQL"})
    void beginsAnewAsItIsConfigured(Pool.Kind kind) throws Exception {
        try (Pool pool = resetting(kind)) {
            boolean mariaDb = kind == Pool.Kind.MARIADB;
            pool.factory().setTransactionIsolation("SERIALIZABLE");
            pool.factory().setNewConnectionSql(mariaDb ? "set @configured = 42" : "set statement_timeout = 42000");
            String question = mariaDb
                    ? "select @configured"
                    : "select setting::int / 1000 from pg_settings where name = 'statement_timeout'";
            for (int use = 0; use < 3; use++) {
                pool.use(connection -> {
                    assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                    assertThat(Factories.number(connection, question)).isEqualTo(42);
                    run(connection, of(kind).changes());
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    return null;
                });
            }
        }
    }

    /** The driver has them in a cache, and the server does not know them any more. */
    @ParameterizedTest
    @CsvSource({"MARIADB, useServerPrepStmts=true", "POSTGRESQL, prepareThreshold=1"})
    void preparedStatementsGoOn(Pool.Kind kind, String option) throws Exception {
        try (Pool pool = resetting(kind)) {
            pool.factory().setUrl(pool.factory().getUrl() + "&" + option);
            for (int use = 0; use < 12; use++) { // pgjdbc prepares what comes for the fifth time
                assertThat(pool.<Integer>use(SessionResetTest::prepared)).isEqualTo(42);
            }
        }
    }

    private static int prepared(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select ? + 1")) {
            query.setInt(1, 41);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** As long as the mark is held, nobody may take the session for dead. */
    @Test
    void theSessionKeepsItsMark() throws Exception {
        try (Pool pool = resetting(Pool.Kind.MARIADB)) {
            var session = pool.managed().host().physical().session();
            String holder = "select is_used_lock('" + session.mark() + "')";
            assertThat(TestDatabase.number(holder)).isEqualTo(session.id());
            pool.use(connection -> run(connection, List.of("do release_all_locks()")));
            assertThat(TestDatabase.number(holder)).isEqualTo(session.id());
        }
    }

    /** Two, as what is sent at once may arrive in two parts; one request after the other would be five. */
    @Test
    void itsRequestsAreSentTogether() throws Exception {
        try (Pool pool = resetting(Pool.Kind.MARIADB)) {
            pool.use(connection -> null);
            assertThat(pool.costOfReturn()).isEqualTo(5);
            pool.latency(Duration.ofSeconds(1));
            long start = System.nanoTime();
            pool.managed().cleanup();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void onPostgreSqlItIsOneRequest() throws Exception {
        try (Pool pool = resetting(Pool.Kind.POSTGRESQL)) {
            pool.use(connection -> null);
            assertThat(pool.costOfReturn()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "POSTGRESQL"})
    void aSessionThatCannotBeResetIsDestroyed(Pool.Kind kind) throws Exception {
        try (Pool pool = resetting(kind)) {
            pool.managed();
            pool.cutAtNextRequest();
            assertThatExceptionOfType(ResourceException.class)
                    .isThrownBy(() -> pool.managed().cleanup())
                    .withMessageStartingWith("The session could not be restored: ");
            assertThat(pool.managed().host().physical().isLost()).isTrue();
        }
    }

    @Test
    void isRefusedWhereNoResetIsKnown() {
        var pool = resetting(Pool.Kind.H2);
        assertThatExceptionOfType(InvalidPropertyException.class)
                .isThrownBy(pool::managed)
                .withMessageContaining("resetOnReturn: true, but of this database no reset is known; allowed is false");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when a connection is given out and returned, besides its session's state. */
class ReturnTest {

    @Test
    void aDriverThatCaresIsToldWhereRequestsBeginAndEnd() throws Exception {
        RepriseManagedConnection managed = Factories.create(NotedDataSource.factory());
        Connection handle = managed.getConnection(null, null);
        managed.getConnection(null, null);
        assertThat(NotedDataSource.CALLS).containsExactly("beginRequest");
        handle.endRequest();
        handle.beginRequest();
        assertThat(NotedDataSource.CALLS).containsExactly("beginRequest");
        managed.cleanup();
        assertThat(NotedDataSource.CALLS).containsExactly("beginRequest", "endRequest");
        managed.cleanup();
        managed.getConnection(null, null);
        assertThat(NotedDataSource.CALLS).containsExactly("beginRequest", "endRequest", "beginRequest");
        managed.destroy();
    }

    @Test
    void aStatementThatCannotBeClosedDoesNotFailTheReturn() throws Exception {
        RepriseManagedConnection managed = Factories.create(NotedDataSource.factory());
        try (var logged = new Logged()) {
            managed.getConnection(null, null).createStatement();
            managed.cleanup();
            assertThat(logged.count("REPRISE0007")).isEqualTo(1);
            assertThat(logged.text())
                    .contains("closing a statement that was left open")
                    .contains("busy");
            assertThat(managed.host().physical().isLost()).isFalse();
        }
        managed.destroy();
    }

    @Test
    void itIsLoggedWhoLeftAStatementOpen() throws Exception {
        try (var pool = new Pool(Pool.Kind.H2);
                var logged = new Logged()) {
            pool.factory().setTrackStatements("warn");
            pool.use(connection -> connection.prepareStatement("select 1")); // returned by the container
            pool.use(connection -> {
                connection.prepareStatement("select 1");
                connection.close();
                return null;
            });
            assertThat(logged.count("REPRISE0007")).isEqualTo(2);
            assertThat(logged.count("REPRISE0022")).isEqualTo(2);
            assertThat(logged.openers()).allMatch(frame -> frame.contains("ReturnTest"));
        }
    }

    @Test
    void whereNothingIsTrackedNothingIsSaid() throws Exception {
        try (var pool = new Pool(Pool.Kind.H2);
                var logged = new Logged()) {
            pool.factory().setTrackStatements("off");
            pool.use(connection -> connection.prepareStatement("select 1"));
            assertThat(logged.count("REPRISE0007")).isZero();
        }
    }

    /** On MariaDB the server ends the statement, on PostgreSQL the driver asks it to; the connection goes on. */
    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "POSTGRESQL"})
    void aStatementThatTakesTooLongEnds(Pool.Kind kind) throws Exception {
        try (var pool = new Pool(kind)) {
            pool.factory().setQueryTimeoutSeconds("1");
            String sleep = kind == Pool.Kind.MARIADB ? "select sleep(60)" : "select pg_sleep(60)";
            long start = System.nanoTime();
            pool.use(connection -> {
                try (Statement statement = connection.createStatement()) {
                    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute(sleep));
                    return statement.execute("select 1");
                }
            });
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            assertThat(pool.managed().host().physical().isLost()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MARIADB", "POSTGRESQL"})
    void aQueryTimeoutCostsNoRoundTrip(Pool.Kind kind) throws Exception {
        try (var pool = new Pool(kind)) {
            pool.factory().setQueryTimeoutSeconds("30");
            long requests = pool.use(connection -> {
                long before = pool.requests();
                Factories.number(connection, "select 1");
                return pool.requests() - before;
            });
            assertThat(requests).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Pool.Kind.class)
    void savepointsDivideALocalTransaction(Pool.Kind kind) throws Exception {
        try (var pool = new Pool(kind)) {
            String table = "savepoints_" + kind;
            RepriseManagedConnection managed = pool.managed();
            Connection connection = managed.getConnection(null, null);
            try (Statement statement = connection.createStatement()) {
                statement.execute("create table " + table + " (id int primary key)");
                managed.getLocalTransaction().begin();
                statement.execute("insert into " + table + " values (1)");
                Savepoint savepoint = connection.setSavepoint();
                statement.execute("insert into " + table + " values (2)");
                connection.rollback(savepoint);
                managed.getLocalTransaction().commit();
                assertThat(Factories.number(connection, "select sum(id) from " + table))
                        .isEqualTo(1);
                statement.execute("drop table " + table);
            }
        }
    }

    @Test
    void anUnwrappedConnectionIsTheDriversOwn() throws Exception {
        try (var pool = new Pool(Pool.Kind.MARIADB)) {
            long id = pool.use(connection ->
                    connection.unwrap(org.mariadb.jdbc.Connection.class).getThreadId());
            assertThat(id).isEqualTo(Factories.session(pool.managed()));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Factories.isOnServer;
import static dev.reprise.connector.Factories.match;
import static dev.reprise.connector.Factories.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import dev.reprise.jdbc.ConnectionHandle;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAllocationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A MariaDB server that is set to read-only, as a replica or a demoted primary is. */
class RequiredRoleTest {

    private final RepriseManagedConnectionFactory factory = Factories.direct();
    private Logged logged;

    @BeforeEach
    void listen() throws SQLException {
        factory.setPingAfterIdleMillis("0");
        TestDatabase.execute("create table if not exists app.role_test (n int)");
        logged = new Logged();
    }

    @AfterEach
    void promote() throws SQLException {
        readOnly(false);
        logged.close();
    }

    private static void readOnly(boolean on) throws SQLException {
        TestDatabase.execute("set global read_only = " + (on ? 1 : 0));
    }

    @Test
    void isRefusedWithItsNameAndWhatIsRequired() throws SQLException {
        readOnly(true);
        assertThatExceptionOfType(ResourceAllocationException.class)
                .isThrownBy(() -> Factories.create(factory))
                .withMessageContaining(TestDatabase.mariaDb().jdbcUrl().split("\\?", 2)[0] + " takes no writes")
                .withMessageContaining("requiredRole=primary");
        assertThat(logged.count("REPRISE0005")).isZero();
    }

    @Test
    void pooledConnectionsToItAreNotHandedOutAndClosedAtOnce() throws Exception {
        List<RepriseManagedConnection> pool = Factories.create(factory, 3);
        var used = (ConnectionHandle) pool.get(2).getConnection(null, null);
        List<Long> sessions = pool.stream().map(Factories::session).toList();
        readOnly(true);

        assertThat(match(factory, pool.get(0))).isNull();

        await().atMost(Duration.ofSeconds(10))
                .until(() -> !isOnServer(sessions.get(0)) && !isOnServer(sessions.get(1)));
        assertThat(isOnServer(sessions.get(2))).as("one that is in use").isTrue();
        assertThat(match(factory, pool.get(1))).isNull();
        assertThat(logged.count("REPRISE0005")).isEqualTo(1);
        used.close();
        assertThat(match(factory, pool.get(2))).isNull();
        Factories.destroy(pool);
    }

    @Test
    void aStatementThatItRefusesTellsAllOthers() throws Exception {
        List<RepriseManagedConnection> pool = Factories.create(factory, 2);
        var used = (ConnectionHandle) pool.get(0).getConnection(null, null);
        long idle = session(pool.get(1));
        readOnly(true);

        try (var statement = used.createStatement()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("insert into role_test values (1)"))
                    .matches(e -> e.getErrorCode() == 1290);
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> !isOnServer(idle));
        assertThat(logged.count("REPRISE0005")).isEqualTo(1);
        Factories.destroy(pool);
    }

    @Test
    void withAnyItIsUsedAndTheLogSaysSo() throws Exception {
        factory.setRequiredRole("any");
        factory.createConnectionFactory();
        assertThat(logged.count("REPRISE0019")).isEqualTo(1);
        readOnly(true);
        RepriseManagedConnection connection = Factories.create(factory);
        var used = (ConnectionHandle) connection.getConnection(null, null);
        try (var statement = used.createStatement()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("insert into role_test values (1)"));
        }
        assertThat(Factories.number(used, "select 1")).isEqualTo(1);
        connection.cleanup();
        assertThat(match(factory, connection)).as("it is as healthy as before").isSameAs(connection);
        assertThat(logged.count("REPRISE0004")).isZero();

        readOnly(false);
        assertThat(match(factory, connection)).as("it is another server now").isNull();
        connection.destroy();
        write();
    }

    private void write() throws ResourceException, SQLException {
        RepriseManagedConnection connection = Factories.create(factory);
        var used = (ConnectionHandle) connection.getConnection(null, null);
        try (var statement = used.createStatement()) {
            statement.execute("insert into role_test values (1)");
        }
        connection.destroy();
    }
}

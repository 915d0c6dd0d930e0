// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.MariaDb;
import jakarta.resource.ResourceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outside any container: a physical connection for each handle. */
class UnmanagedUseTest {

    private static final String SESSION = "select connection_id()";

    private final MariaDb server = TestDatabase.mariaDb();
    private DataSource dataSource;

    @BeforeEach
    void create() throws SQLException, ResourceException {
        TestDatabase.execute("create or replace table unmanaged (id int) engine=innodb");
        dataSource = Factories.direct().createConnectionFactory();
    }

    @AfterEach
    void drop() throws SQLException {
        TestDatabase.execute("drop table unmanaged");
    }

    private static void insert(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("insert into unmanaged values (1)");
        }
    }

    private static long rows() throws SQLException {
        return TestDatabase.number("select count(*) from unmanaged");
    }

    private static void awaitGone(long session) {
        await().atMost(Duration.ofSeconds(8)).until(() -> !Factories.isOnServer(session));
    }

    @Test
    void aHandleHasItsOwnSessionUntilItIsClosed() throws SQLException {
        long session;
        try (Connection connection = dataSource.getConnection();
                Connection other = dataSource.getConnection()) {
            session = Factories.number(connection, SESSION);
            assertThat(Factories.number(other, SESSION)).isNotEqualTo(session);
            insert(connection);
            assertThat(rows()).isEqualTo(1);
        }
        awaitGone(session);
    }

    @Test
    void theApplicationCanBeAnotherUser() throws SQLException {
        try (Connection connection = dataSource.getConnection(server.rootUser(), server.rootPassword())) {
            assertThat(Factories.number(connection, "select user() like 'root@%'"))
                    .isEqualTo(1);
        }
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> dataSource.getConnection(server.user(), "wrong"))
                .extracting(SQLException::getSQLState)
                .isEqualTo("28000");
    }

    @Test
    void whatWasNotCommittedIsGoneWithItsConnection() throws SQLException {
        Connection connection = dataSource.getConnection();
        long session = Factories.number(connection, SESSION);
        connection.setAutoCommit(false);
        insert(connection);
        connection.close();
        awaitGone(session);
        assertThat(rows()).isZero();
    }

    @Test
    void aLostConnectionClosesItsHandle() throws SQLException {
        Connection connection = dataSource.getConnection();
        TestDatabase.kill(Factories.number(connection, SESSION));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insert(connection));
        assertThat(connection.isClosed()).isTrue();
        connection.close();
    }

    @Test
    void anAbortedConnectionIsGone() throws SQLException {
        Connection connection = dataSource.getConnection();
        long session = Factories.number(connection, SESSION);
        connection.abort(Runnable::run);
        assertThat(connection.isClosed()).isTrue();
        awaitGone(session);
    }

    @Test
    void aServerThatIsNotThereIsCannotConnect() throws ResourceException {
        var proxy = TestDatabase.proxy();
        DataSource unreachable = Factories.through(proxy).createConnectionFactory();
        proxy.refuse();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(unreachable::getConnection)
                .extracting(SQLException::getSQLState)
                .isEqualTo("08001");
        proxy.close();
    }

    @Test
    void worksAfterItWasStored() throws IOException, ClassNotFoundException, SQLException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(dataSource);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()));
                Connection connection = ((DataSource) in.readObject()).getConnection()) {
            assertThat(Factories.number(connection, "select 7")).isEqualTo(7);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Factories.number;
import static dev.reprise.connector.Factories.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the container pools, while no transaction of its own is on it. */
class ManagedConnectionUseTest {

    /** Notes what a container is told. */
    private static final class Noted implements ConnectionEventListener {
        private final List<ConnectionEvent> events = new ArrayList<>();

        @Override
        public void connectionClosed(ConnectionEvent event) {
            events.add(event);
        }

        @Override
        public void localTransactionStarted(ConnectionEvent event) {
            events.add(event);
        }

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {
            events.add(event);
        }

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {
            events.add(event);
        }

        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            events.add(event);
        }

        private List<Integer> ids() {
            return events.stream().map(ConnectionEvent::getId).toList();
        }
    }

    private final RepriseManagedConnectionFactory factory = Factories.direct();
    private final Noted noted = new Noted();
    private RepriseManagedConnection managed;
    private Connection handle;

    @BeforeEach
    void create() throws SQLException, ResourceException {
        TestDatabase.execute("create or replace table used (id int primary key) engine=innodb");
        managed = Factories.create(factory);
        managed.addConnectionEventListener(noted);
        handle = handle();
    }

    @AfterEach
    void destroy() throws SQLException {
        managed.destroy();
        TestDatabase.execute("drop table used");
    }

    private Connection handle() throws ResourceException {
        return managed.getConnection(null, null);
    }

    private static void insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("insert into used values (1)");
        }
    }

    @Test
    void theContainerIsToldWhichHandleWasClosed() throws SQLException {
        handle.close();
        handle.close();
        assertThat(noted.ids()).containsExactly(ConnectionEvent.CONNECTION_CLOSED);
        assertThat(noted.events.get(0).getConnectionHandle()).isSameAs(handle);
        assertThat(noted.events.get(0).getSource()).isSameAs(managed);
    }

    @Test
    void aFailedStatementIsNoEvent() throws SQLException {
        insert(handle);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insert(handle));
        assertThat(noted.ids()).isEmpty();
        assertThat(number(handle, "select count(*) from used")).isEqualTo(1);
    }

    @Test
    void theContainerIsToldOfALossAtOnceAndCleanupSaysSoAgain() throws SQLException {
        TestDatabase.kill(session(managed));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insert(handle));
        assertThat(noted.ids()).containsExactly(ConnectionEvent.CONNECTION_ERROR_OCCURRED);
        assertThat(noted.events.get(0).getException()).isInstanceOf(SQLException.class);
        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(managed::cleanup)
                .withMessageStartingWith("The physical connection was lost: ");
        assertThat(handle.isClosed()).isTrue();
    }

    @Test
    void aListenerThatWasRemovedHearsNothing() throws SQLException {
        managed.removeConnectionEventListener(noted);
        handle.close();
        assertThat(noted.ids()).isEmpty();
    }

    @Test
    void returnedItIsAsItWas() throws Exception {
        long isolation = handle.getTransactionIsolation();
        handle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        handle.setReadOnly(true);
        handle.setCatalog("information_schema");
        handle.setNetworkTimeout(Runnable::run, 4321);
        managed.cleanup();
        assertThat(handle.isClosed()).isTrue();
        Connection next = handle();
        assertThat(next.getTransactionIsolation()).isEqualTo((int) isolation);
        assertThat(next.isReadOnly()).isFalse();
        assertThat(next.getCatalog()).isEqualTo(TestDatabase.mariaDb().database());
        assertThat(next.getNetworkTimeout()).isZero();
        assertThat(number(next, "select @@session.tx_isolation = 'SERIALIZABLE'"))
                .isZero();
        assertThat(number(next, "select database() = 'app'")).isEqualTo(1);
    }

    @Test
    void returnedItHasNoStatementOpenOfAHandleThatWasNotClosed() throws Exception {
        Statement driver;
        try (Statement leftOpen = handle.prepareStatement("select 1")) {
            driver = leftOpen.unwrap(org.mariadb.jdbc.Statement.class);
            managed.cleanup();
            assertThat(driver.isClosed()).isTrue();
        }
    }

    @Test
    void returnedItHasNothingOpenThatWasNotCommitted() throws Exception {
        handle.setAutoCommit(false);
        insert(handle);
        managed.cleanup();
        Connection next = handle();
        assertThat(next.getAutoCommit()).isTrue();
        assertThat(number(next, "select count(*) from used")).isZero();
        assertThat(number(next, "select @@autocommit")).isEqualTo(1);
        insert(next);
        assertThat(TestDatabase.number("select count(*) from used")).isEqualTo(1);
    }

    @Test
    void aDatabaseThatCannotBeLeftAgainEndsTheConnection() throws Exception {
        var nowhere = Factories.direct();
        nowhere.setUrl(nowhere.getUrl().replace("/app?", "/?"));
        RepriseManagedConnection connection = Factories.create(nowhere);
        connection.getConnection(null, null).setCatalog("app");
        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(connection::cleanup)
                .withMessage("The session could not be restored: CATALOG had no value before it was set, and cannot be"
                        + " put back");
        connection.destroy();
    }

    @Test
    void statementsLeftOpenAreClosedWithTheirHandleAndSaid() throws SQLException {
        var logged = new Logged();
        Statement left = handle.createStatement();
        handle.close();
        logged.close();
        assertThat(left.isClosed()).isTrue();
        assertThat(logged.messages())
                .containsExactly("REPRISE0007: The application left 1 statements open; they were closed with their"
                        + " connection");
    }

    @Test
    void severalHandlesShareItAndOneClosesAlone() throws Exception {
        Connection other = handle();
        handle.close();
        assertThat(other.isClosed()).isFalse();
        insert(other);
        managed.cleanup();
        assertThat(other.isClosed()).isTrue();
    }

    @Test
    void aHandleThatMovedIsNotClosedWithTheConnectionItLeft() throws Exception {
        RepriseManagedConnection other = Factories.create(factory);
        other.associateConnection(handle);
        assertThat(number(handle, "select connection_id()")).isEqualTo(session(other));
        managed.cleanup();
        assertThat(handle.isClosed()).isFalse();
        assertThat(number(handle, "select connection_id()")).isEqualTo(session(other));
        other.cleanup();
        assertThat(handle.isClosed()).isTrue();
        other.destroy();
    }

    @Test
    void onlyItsOwnHandlesCanBeMoved() {
        assertThatExceptionOfType(ResourceAdapterInternalException.class)
                .isThrownBy(() -> managed.associateConnection("of another adapter"));
    }

    @Test
    void destroyedItsSessionEnds() throws SQLException {
        long session = session(managed);
        managed.destroy();
        assertThat(handle.isClosed()).isTrue();
        await().atMost(Duration.ofSeconds(8)).until(() -> !Factories.isOnServer(session));
    }

    @Test
    void abortingItIsALossThatTheContainerHears() throws SQLException {
        handle.abort(Runnable::run);
        assertThat(noted.ids()).containsExactly(ConnectionEvent.CONNECTION_ERROR_OCCURRED);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insert(handle));
        assertThatExceptionOfType(ResourceException.class).isThrownBy(managed::cleanup);
    }

    @Test
    void describesItself() throws ResourceException {
        ManagedConnectionMetaData metaData = managed.getMetaData();
        assertThat(metaData.getEISProductName()).isEqualTo("MariaDB");
        assertThat(metaData.getEISProductVersion()).contains("11.4");
        assertThat(metaData.getUserName()).startsWith("app");
        assertThat(metaData.getMaxConnections()).isNotNegative();
        var writer = new PrintWriter(new StringWriter());
        managed.setLogWriter(writer);
        assertThat(managed.getLogWriter()).isSameAs(writer);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectorTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration BOUND = Duration.ofSeconds(8);

    private final MariaDb server = TestDatabase.mariaDb();
    private final FaultProxy proxy = TestDatabase.proxy();
    private final Connector connector = Sessions.connector(server.jdbcUrl(proxy.port()), Map.of(), SHORT);

    @AfterEach
    void close() {
        proxy.close();
    }

    private SQLException failure() {
        return assertTimeoutPreemptively(BOUND, () -> {
            try {
                Sessions.open(connector);
                throw new AssertionError("It was opened");
            } catch (SQLException e) {
                return e;
            }
        });
    }

    private void awaitNoLink() {
        await().atMost(BOUND).until(() -> proxy.connections() == 0);
    }

    @Test
    void asksTheServerWhatNamesTheSession() throws SQLException {
        PhysicalConnection connection = Sessions.direct();
        Session session = connection.session();
        assertThat(Sessions.isOnServer(session)).isTrue();
        assertThat(session.mark()).startsWith("reprise/").hasSize(44);
        assertThat(TestDatabase.number("select is_used_lock('" + session.mark() + "')"))
                .isEqualTo(session.id());
        assertThat(session.server()).contains("/");
        long startedAt = TestDatabase.number("select unix_timestamp() - variable_value from"
                + " information_schema.global_status where variable_name = 'UPTIME'");
        assertThat(session.startedAt()).isBetween(startedAt - 2, startedAt + 2);
        assertThat(session.readOnly()).isFalse();
        Sessions.close(connection);
    }

    @Test
    void marksEachSessionDifferently() throws SQLException {
        PhysicalConnection one = Sessions.direct();
        PhysicalConnection other = Sessions.direct();
        assertThat(one.session().mark()).isNotEqualTo(other.session().mark());
        assertThat(one.session().sameServer(other.session())).isTrue();
        Sessions.close(one);
        Sessions.close(other);
    }

    @Test
    void stampsTheGenerationItWasGiven() throws SQLException {
        PhysicalConnection connection = connector.open(server.user(), server.password(), 17);
        assertThat(connection.generation()).isEqualTo(17);
        assertThat(connection.database()).isSameAs(connector.database());
        Sessions.close(connection);
    }

    @Test
    void withoutAUserTheDataSourcesOwnConfigurationCounts() throws SQLException {
        Connector configured = Sessions.connector(
                server.jdbcUrl(), Map.of("user", server.user(), "password", server.password()), SHORT);
        PhysicalConnection connection = configured.open(null, null, 1);
        assertThat(connection.connection().getMetaData().getUserName()).startsWith(server.user());
        Sessions.close(connection);
    }

    @Test
    void theDriversOwnTimeoutIsBackAfterwards() throws SQLException {
        PhysicalConnection connection =
                Sessions.open(Sessions.connector(server.jdbcUrl(), Map.of("socketTimeout", "4321"), SHORT));
        assertThat(connection.connection().getNetworkTimeout()).isEqualTo(4321);
        Sessions.close(connection);
    }

    @Test
    void waitsForNoServerThatAcceptsAndSaysNothing() {
        proxy.blackHole(true);
        assertThat(failure().getSQLState()).startsWith("08");
        awaitNoLink();
    }

    @Test
    void waitsForNoServerThatFallsSilentAfterTheLogin() {
        proxy.onRequest("get_lock").loseReplyAndStall();
        assertThat(failure().getSQLState()).startsWith("08");
        awaitNoLink();
    }

    @Test
    void aSessionThatCannotBeAskedIsNotLeftBehind() {
        proxy.onRequest("get_lock").cutAfter();
        assertThat(failure().getSQLState()).startsWith("08");
        awaitNoLink();
    }

    @Test
    void aSessionIsNotLeftBehindWhenTheServerRefusesItsFirstStatement() throws SQLException {
        var refusing = new RefusingDatabase();
        var opening = new Connector(refusing, Sessions.DATA_SOURCE, server.jdbcUrl(proxy.port()), Map.of(), SHORT);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Sessions.open(opening))
                .withMessage("refused");
        awaitNoLink();
    }

    @Test
    void saysWhenNobodyListens() {
        proxy.refuse();
        assertThat(failure().getSQLState()).startsWith("08");
    }

    @Test
    void saysWhenThePasswordIsWrong() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connector.open(server.user(), "wrong", 1))
                .extracting(SQLException::getSQLState)
                .isEqualTo("28000");
        awaitNoLink();
    }

    @Test
    void saysWhichClassIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Connector(
                        Database.of("org.mariadb.jdbc.Gone"),
                        "org.mariadb.jdbc.Gone",
                        server.jdbcUrl(),
                        Map.of(),
                        SHORT))
                .withMessageStartingWith("xaDataSourceClass: org.mariadb.jdbc.Gone cannot be loaded");
    }

    @Test
    void aDatabaseThatNobodyKnowsIsUsedAsJdbcAndXaSay() throws SQLException {
        String h2 = "org.h2.jdbcx.JdbcDataSource";
        Database generic = Database.of(h2);
        PhysicalConnection connection = new Connector(
                        generic, h2, "jdbc:h2:mem:", Map.of("user", "sa", "password", ""), SHORT)
                .open(null, null, 1);
        assertThat(generic.isGeneric()).isTrue();
        assertThat(connection.session()).isEqualTo(Session.ANONYMOUS);
        connection.ping(SHORT);
        assertThat(generic.fence(connection.connection(), connection.session(), connection.session(), SHORT))
                .isFalse();
        Sessions.close(connection);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.ping(SHORT));
    }
}

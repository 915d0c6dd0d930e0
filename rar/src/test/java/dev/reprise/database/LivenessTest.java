// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be seen of a real server's sessions without asking it. */
class LivenessTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int USES = 2_000;

    enum Kind {
        MARIADB("org.mariadb.jdbc.MariaDbDataSource", "kill %d", "set session wait_timeout = 1"),
        POSTGRESQL(
                "org.postgresql.xa.PGXADataSource",
                "select pg_terminate_backend(%d)",
                "set idle_session_timeout = '1s'");

        private final String dataSource;
        private final String kill;
        private final String impatient;

        Kind(String dataSource, String kill, String impatient) {
            this.dataSource = dataSource;
            this.kill = kill;
            this.impatient = impatient;
        }

        DatabaseServer server() {
            return this == MARIADB ? TestDatabase.mariaDb() : TestDatabase.postgreSql();
        }

        PhysicalConnection open(String url) throws SQLException {
            return new Connector(Database.of(dataSource), dataSource, url, Map.of(), Duration.ofSeconds(10))
                    .open(server().user(), server().password(), 1);
        }
    }

    private static long number(PhysicalConnection connection, String sql) throws SQLException {
        try (var statement = connection.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** As whoever matches a connection does. */
    private static boolean lives(PhysicalConnection connection) {
        return switch (connection.liveness()) {
            case ALIVE -> true;
            case DEAD, UNSEEN -> false;
            case ASK -> {
                try {
                    connection.ping(BOUND);
                    yield true;
                } catch (SQLException e) {
                    yield false;
                }
            }
        };
    }

    private static void diesBy(Kind kind, Consumer<PhysicalConnection> death) throws SQLException {
        PhysicalConnection connection = kind.open(kind.server().jdbcUrl());
        assertThat(connection.liveness()).isEqualTo(Liveness.ALIVE);
        death.accept(connection);
        await().atMost(BOUND).until(() -> connection.liveness() != Liveness.ALIVE);
        assertThat(lives(connection)).isFalse();
        Sessions.close(connection);
    }

    private static void execute(PhysicalConnection connection, String sql) {
        try {
            Sessions.execute(connection, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledSessionIsSeenToBeDead(Kind kind) throws SQLException {
        diesBy(kind, connection -> {
            try {
                TestDatabase.execute(
                        kind.server(), kind.kill.formatted(connection.session().id()));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aSessionThatWasIdleForTooLongIsSeenToBeDead(Kind kind) throws SQLException {
        diesBy(kind, connection -> execute(connection, kind.impatient));
    }

    @ParameterizedTest
    @EnumSource
    void aRestartedServerIsSeen(Kind kind) throws SQLException {
        diesBy(kind, connection -> kind.server().restart());
    }

    @ParameterizedTest
    @EnumSource
    void aKilledServerIsSeen(Kind kind) throws SQLException {
        diesBy(kind, connection -> {
            kind.server().kill();
            kind.server().start();
        });
    }

    @ParameterizedTest
    @EnumSource
    void lookingCostsNoRequestAndTakesNothingFromTheDriver(Kind kind) throws SQLException {
        try (FaultProxy proxy = FaultProxy.of(kind.server())) {
            PhysicalConnection connection = kind.open(kind.server().jdbcUrl(proxy.port()));
            for (int use = 0; use < USES; use++) {
                assertThat(connection.liveness()).isEqualTo(Liveness.ALIVE);
                if (use % 10 == 0) {
                    assertThat(number(connection, "select " + use)).isEqualTo(use);
                }
            }
            long before = proxy.requests();
            assertThat(connection.liveness()).isEqualTo(Liveness.ALIVE);
            assertThat(proxy.requests()).isEqualTo(before);
            Sessions.close(connection);
        }
    }

    @ParameterizedTest
    @EnumSource
    void underLoadNoLivingSessionLooksDead(Kind kind) throws Exception {
        var threads = new CompletableFuture<?>[4];
        for (int i = 0; i < threads.length; i++) {
            PhysicalConnection connection = kind.open(kind.server().jdbcUrl());
            threads[i] = CompletableFuture.runAsync(() -> {
                for (int use = 0; use < USES / 4; use++) {
                    assertThat(connection.liveness()).isEqualTo(Liveness.ALIVE);
                    execute(connection, "select " + use);
                }
                Sessions.close(connection);
            });
        }
        CompletableFuture.allOf(threads).join();
    }

    /** The server speaks unasked, and lives. */
    @ParameterizedTest
    @EnumSource(names = "POSTGRESQL")
    void aNotificationIsNoDeath(Kind kind) throws SQLException {
        PhysicalConnection connection = kind.open(kind.server().jdbcUrl());
        execute(connection, "listen news");
        TestDatabase.execute(kind.server(), "notify news, 'hello'");
        await().atMost(BOUND).until(() -> connection.liveness() == Liveness.ASK);
        assertThat(lives(connection)).isTrue();
        assertThat(connection.liveness()).isEqualTo(Liveness.ALIVE);
        assertThat(connection
                        .connection()
                        .unwrap(org.postgresql.PGConnection.class)
                        .getNotifications())
                .singleElement()
                .satisfies(news -> assertThat(news.getParameter()).isEqualTo("hello"));
        Sessions.close(connection);
    }
}

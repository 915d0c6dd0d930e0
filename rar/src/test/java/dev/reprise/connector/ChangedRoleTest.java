// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Factories.match;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import jakarta.resource.spi.ResourceAllocationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A server takes no more writes while connections to it are handed out, or only looks as if. */
class ChangedRoleTest {

    private static final Duration BOUND = Duration.ofSeconds(15);
    private static final String INSERT = "insert into changed_role values (1)";

    private final Logged logged = new Logged();

    @BeforeEach
    void createTables() throws SQLException {
        for (DatabaseServer server : List.of(TestDatabase.mariaDb(), TestDatabase.postgreSql())) {
            try (Connection owner = server.connect()) {
                execute(owner, "create table if not exists changed_role (n int)");
            }
        }
    }

    @AfterEach
    void promote() throws SQLException {
        readOnly(Pool.Kind.MARIADB, false);
        readOnly(Pool.Kind.POSTGRESQL, false);
        logged.close();
    }

    /** As an administrator, or what guards a full disk, sets it; existing sessions follow, on PostgreSQL in a moment. */
    private static void readOnly(Pool.Kind kind, boolean on) throws SQLException {
        if (kind == Pool.Kind.MARIADB) {
            TestDatabase.execute("set global read_only = " + (on ? 1 : 0));
            return;
        }
        DatabaseServer server = TestDatabase.postgreSql();
        TestDatabase.execute(
                server, on ? "alter system set default_transaction_read_only = on" : "alter system reset all");
        TestDatabase.execute(server, "select pg_reload_conf()");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void awaitRefusal(Connection connection, String sql, int code, String state) {
        await().atMost(BOUND)
                .ignoreExceptions()
                .untilAsserted(() -> assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> execute(connection, sql))
                        .matches(e -> e.getErrorCode() == code && state.equals(e.getSQLState())));
    }

    @ParameterizedTest
    @CsvSource({
        "MARIADB, insert into changed_role values (1), 1290, HY000",
        "MARIADB, signal sqlstate 'HY000' set mysql_errno = 1836, 1836, HY000",
        "POSTGRESQL, insert into changed_role values (1), 0, 25006"
    })
    void whatItRefusesToOneMovesTheGenerationOn(Pool.Kind kind, String sql, int code, String state) throws Exception {
        try (var pool = new Pool(kind)) {
            RepriseManagedConnection other = Factories.create(pool.factory());
            Connection others = other.getConnection(null, null);
            RepriseManagedConnection idle = Factories.create(pool.factory());
            Connection handle = pool.managed().getConnection(null, null);
            readOnly(kind, true);

            awaitRefusal(handle, sql, code, state);

            assertThat(match(pool.factory(), idle)).isNull();
            assertThat(logged.count("REPRISE0005")).isEqualTo(1);
            others.close();
            other.cleanup();
            assertThat(match(pool.factory(), other))
                    .as("it was handed out meanwhile")
                    .isNull();
            assertThatExceptionOfType(ResourceAllocationException.class)
                    .isThrownBy(() -> Factories.create(pool.factory()))
                    .withMessageContaining("requiredRole=primary");
            Factories.destroy(List.of(other, idle));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MARIADB, set session transaction read only",
        "POSTGRESQL, set session characteristics as transaction read only"
    })
    void aReadOnlyTransactionIsNoDemotion(Pool.Kind kind, String readOnly) throws Exception {
        try (var pool = new Pool(kind)) {
            RepriseManagedConnection other = Factories.create(pool.factory());
            Connection handle = pool.managed().getConnection(null, null);
            execute(handle, readOnly);

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> execute(handle, INSERT))
                    .matches(e -> "25006".equals(e.getSQLState()));

            assertThat(Factories.number(handle, "select 1")).isEqualTo(1);
            pool.managed().cleanup();
            long before = pool.requests();
            assertThat(match(pool.factory(), other)).isSameAs(other);
            assertThat(match(pool.factory(), pool.managed())).isSameAs(pool.managed());
            assertThat(pool.requests() - before)
                    .as("the one that has answered since is not asked")
                    .isEqualTo(1);
            assertThat(logged.count("REPRISE0004") + logged.count("REPRISE0005"))
                    .isZero();
            other.destroy();
        }
    }

    /** Its driver hears of it, as PostgreSQL itself reports the setting. */
    @ParameterizedTest
    @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
    void isFoundWhenAConnectionIsAsked(Pool.Kind kind) throws Exception {
        try (var pool = new Pool(kind)) {
            pool.factory().setPingAfterIdleMillis("1");
            pool.managed();
            readOnly(kind, true);
            await().atMost(BOUND).until(() -> match(pool.factory(), pool.managed()) == null);
            assertThat(logged.count("REPRISE0005")).isEqualTo(1);
        }
    }

    /** Its last answer is always young, and its socket looks well. */
    @ParameterizedTest
    @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
    void isFoundInAPoolInConstantUse(Pool.Kind kind) throws Exception {
        try (var pool = new Pool(kind)) {
            pool.factory().setPingAfterIdleMillis("1000");
            pool.managed();
            readOnly(kind, true);
            await().atMost(BOUND).pollInterval(Duration.ofMillis(10)).until(() -> {
                pool.use(connection -> Factories.number(connection, "select 1"));
                return match(pool.factory(), pool.managed()) == null;
            });
            assertThat(logged.count("REPRISE0005")).isEqualTo(1);
        }
    }

    @Test
    void withAnyAPostgreSqlThatIsSetToReadOnlyIsUsedUntilItTakesWrites() throws Exception {
        readOnly(Pool.Kind.POSTGRESQL, true);
        try (var pool = new Pool(Pool.Kind.POSTGRESQL)) {
            pool.factory().setRequiredRole("any");
            pool.factory().setPingAfterIdleMillis("1");
            await().atMost(BOUND).until(() -> {
                RepriseManagedConnection opened = Factories.create(pool.factory());
                opened.destroy();
                return opened.host().physical().session().readOnly();
            });
            RepriseManagedConnection connection = pool.managed();
            assertThat(match(pool.factory(), connection)).isSameAs(connection);
            awaitRefusal(connection.getConnection(null, null), INSERT, 0, "25006");
            connection.cleanup();
            assertThat(match(pool.factory(), connection)).isSameAs(connection);
            assertThat(logged.count("REPRISE0004")).isZero();

            readOnly(Pool.Kind.POSTGRESQL, false);
            await().atMost(BOUND).until(() -> match(pool.factory(), connection) == null);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.database.PhysicalConnection;
import jakarta.resource.ResourceException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application has set by JDBC is gone for the next one, on real databases; and what that costs. */
class SessionRestoreTest {

    private static final Map<Pool.Kind, Pool> POOLS = new EnumMap<>(Pool.Kind.class);

    /** A change that an application makes. */
    private interface Change {
        void to(Connection connection) throws SQLException;
    }

    private static final Map<String, Change> CHANGES = new LinkedHashMap<>();

    static {
        CHANGES.put("warnings", SessionRestoreTest::warning);
        CHANGES.put("auto-commit", connection -> connection.setAutoCommit(false));
        CHANGES.put("isolation", connection -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
        CHANGES.put("read-only", connection -> connection.setReadOnly(true));
        CHANGES.put("catalog", connection -> connection.setCatalog("information_schema"));
        CHANGES.put(
                "schema",
                connection -> connection.setSchema(
                        connection.getMetaData().storesUpperCaseIdentifiers()
                                ? "INFORMATION_SCHEMA"
                                : "information_schema"));
        CHANGES.put(
                "holdability",
                connection -> connection.setHoldability(
                        connection.getHoldability() == ResultSet.CLOSE_CURSORS_AT_COMMIT
                                ? ResultSet.HOLD_CURSORS_OVER_COMMIT
                                : ResultSet.CLOSE_CURSORS_AT_COMMIT));
        CHANGES.put("network timeout", connection -> connection.setNetworkTimeout(Runnable::run, 12_345));
        CHANGES.put("client info", SessionRestoreTest::clientInfo);
        CHANGES.put("all", connection -> {
            for (Change each :
                    CHANGES.values().stream().limit(CHANGES.size() - 1L).toList()) {
                each.to(connection);
            }
        });
    }

    private static void clientInfo(Connection connection) throws SQLException {
        if (!connection.getMetaData().getDatabaseProductName().equals("H2")) {
            connection.setClientInfo("ApplicationName", "other");
        }
    }

    private static void warning(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (connection.getMetaData().getDatabaseProductName().equals("PostgreSQL")) {
                statement.execute("do $$ begin raise warning 'careful'; end $$");
            } else {
                statement.execute("drop table if exists nothing_of_this_name");
            }
        }
    }

    @BeforeAll
    static void open() throws SQLException, ResourceException {
        for (Pool.Kind kind : Pool.Kind.values()) {
            POOLS.put(kind, new Pool(kind));
        }
    }

    @AfterAll
    static void close() {
        POOLS.values().forEach(Pool::close);
    }

    static Stream<Arguments> changes() {
        return Arrays.stream(Pool.Kind.values())
                .flatMap(kind -> CHANGES.keySet().stream().map(change -> Arguments.of(kind, change)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("changes")
    void isPutBack(Pool.Kind kind, String change) throws Exception {
        Pool pool = Objects.requireNonNull(POOLS.get(kind));
        Map<String, @Nullable Object> before = pool.use(SessionRestoreTest::attributes);
        pool.use(connection -> {
            Objects.requireNonNull(CHANGES.get(change)).to(connection);
            return null;
        });
        assertThat(pool.costOfReturn()).isLessThanOrEqualTo(change.equals("all") ? 4 : 1);
        assertThat(pool.use(SessionRestoreTest::attributes)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Pool.Kind.class)
    void costsNothingWhereNothingWasChanged(Pool.Kind kind) throws Exception {
        Pool pool = Objects.requireNonNull(POOLS.get(kind));
        pool.use(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("select 1");
            }
        });
        assertThat(pool.costOfReturn()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Pool.Kind.class)
    void theIsolationIsTheOneThatIsConfigured(Pool.Kind kind) throws Exception {
        try (var pool = new Pool(kind)) {
            pool.factory().setTransactionIsolation("SERIALIZABLE");
            for (int use = 0; use < 2; use++) {
                pool.use(connection -> {
                    assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    return null;
                });
            }
        }
    }

    /** It would take for committed what is not. */
    @Test
    void aConnectionForOurOwnErrandsHasTheServersIsolation() throws Exception {
        try (var pool = new Pool(Pool.Kind.MARIADB)) {
            pool.factory().setTransactionIsolation("READ_UNCOMMITTED");
            PhysicalConnection control = pool.managed().host().control();
            assertThat(control.connection().getTransactionIsolation())
                    .isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
            pool.managed().host().release(control);
        }
    }

    /** What JDBC knows of a session. */
    private static Map<String, @Nullable Object> attributes(Connection connection) throws SQLException {
        var attributes = new LinkedHashMap<String, @Nullable Object>();
        attributes.put("auto-commit", connection.getAutoCommit());
        attributes.put("isolation", connection.getTransactionIsolation());
        attributes.put("read-only", connection.isReadOnly());
        attributes.put("catalog", connection.getCatalog());
        attributes.put("schema", connection.getSchema());
        attributes.put("holdability", connection.getHoldability());
        attributes.put("network timeout", connection.getNetworkTimeout());
        attributes.put("type map", Map.copyOf(connection.getTypeMap() == null ? Map.of() : connection.getTypeMap()));
        var clientInfo = new Properties();
        clientInfo.putAll(connection.getClientInfo());
        attributes.put("client info", clientInfo);
        attributes.put("warnings", connection.getWarnings());
        return attributes;
    }
}

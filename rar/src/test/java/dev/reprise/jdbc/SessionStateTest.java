// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** On a driver that has all attributes, and keeps what it is set. */
class SessionStateTest {

    /** A change that an application makes. */
    interface Change {
        void to(Connection connection) throws SQLException;
    }

    private final Properties clientInfo = new Properties();
    private final Map<String, @Nullable Object> attributes = new HashMap<>(Map.of(
            "AutoCommit",
            true,
            "TransactionIsolation",
            Connection.TRANSACTION_READ_COMMITTED,
            "ReadOnly",
            false,
            "Catalog",
            "app",
            "Schema",
            "public",
            "Holdability",
            ResultSet.HOLD_CURSORS_OVER_COMMIT,
            "NetworkTimeout",
            7,
            "TypeMap",
            Map.of("POINT", String.class),
            "ClientInfo",
            clientInfo));

    private final List<String> calls = new ArrayList<>();
    private final Connection physical = JdbcMethods.driver(Connection.class, (proxy, method, arguments) -> {
        String name = method.getName();
        if (name.equals("setClientInfo") && arguments.length == 2) {
            clientInfo.setProperty((String) arguments[0], (String) arguments[1]);
        } else if (name.startsWith("set")) {
            calls.add(name);
            attributes.put(name.substring(3), arguments[arguments.length - 1]);
        } else if (name.equals("clearWarnings")) {
            calls.add(name);
        } else {
            return attributes.get(name.replaceFirst("^(get|is)", ""));
        }
        return null;
    });
    private final StubOwner owner = new StubOwner(physical);
    private final ConnectionHandle handle = new ConnectionHandle(physical, owner, new NoTransactions());

    static Stream<Arguments> changes() {
        return Stream.of(
                change("AutoCommit", connection -> connection.setAutoCommit(false)),
                change(
                        "TransactionIsolation",
                        connection -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE)),
                change("ReadOnly", connection -> connection.setReadOnly(true)),
                change("Catalog", connection -> connection.setCatalog("other")),
                change("Schema", connection -> connection.setSchema("other")),
                change("Holdability", connection -> connection.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT)),
                change("NetworkTimeout", connection -> connection.setNetworkTimeout(Runnable::run, 8)),
                change("TypeMap", connection -> connection.setTypeMap(Map.of("POINT", Integer.class))),
                change("ClientInfo", connection -> connection.setClientInfo("ApplicationName", "other")),
                change("ClientInfo", connection -> connection.setClientInfo(properties("a", "b"))));
    }

    private static Arguments change(String attribute, Change change) {
        return Arguments.of(attribute, change);
    }

    private static Properties properties(String name, String value) {
        var properties = new Properties();
        properties.setProperty(name, value);
        return properties;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("changes")
    void restoresExactlyWhatWasChanged(String attribute, Change change) throws SQLException {
        Map<String, @Nullable Object> before = Map.copyOf(attributes);
        Object original = attribute.equals("ClientInfo") ? new Properties() : before.get(attribute);
        change.to(handle);
        change.to(handle);
        assertThat(attributes.get(attribute)).isNotEqualTo(original);
        calls.clear();
        owner.session.restore(physical);
        assertThat(calls).containsExactly("set" + attribute, "clearWarnings");
        assertThat(attributes.get(attribute)).isEqualTo(original);
    }

    @Test
    void restoresNothingThatWasNotChangedButClearsWarnings() throws SQLException {
        owner.session.restore(physical);
        assertThat(calls).containsExactly("clearWarnings");
    }

    @Test
    void restoresOnce() throws SQLException {
        handle.setReadOnly(true);
        owner.session.restore(physical);
        calls.clear();
        owner.session.restore(physical);
        assertThat(calls).containsExactly("clearWarnings");
    }

    @Test
    void everyAttributeThatCanBeChangedIsTested() {
        assertThat(changes().map(each -> each.get()[0]).distinct()).hasSameSizeAs(SessionState.Attribute.values());
        assertThat(attributes).hasSameSizeAs(SessionState.Attribute.values());
    }

    @Test
    void autoCommitIsOnAgainAfterwards() throws SQLException {
        handle.setAutoCommit(false);
        assertThat(owner.session.autoCommit()).isFalse();
        owner.session.restore(physical);
        assertThat(owner.session.autoCommit()).isTrue();
    }

    @Test
    void aDriverWithoutATypeMapHasAnEmptyOne() throws SQLException {
        attributes.put("TypeMap", null);
        handle.setTypeMap(Map.of("POINT", String.class));
        owner.session.restore(physical);
        assertThat(attributes).containsEntry("TypeMap", Map.of());
    }

    /** A session that began without a database would go into the next application's hands with this one's. */
    @Test
    void whatCannotBePutBackIsSaid() throws SQLException {
        attributes.put("Catalog", null);
        handle.setCatalog("app");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> owner.session.restore(physical))
                .withMessage("CATALOG had no value before it was set, and cannot be put back");
    }

    @Test
    void whatTheDriverDoesNotHaveNeedsNotBePutBack() throws SQLException {
        attributes.put("Schema", null);
        owner.session.remember(SessionState.Attribute.SCHEMA, physical);
        owner.session.restore(physical);
        assertThat(calls).containsExactly("clearWarnings");
    }
}

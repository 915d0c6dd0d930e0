// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a session that an application has changed, with their values from before. Not thread-safe, as JDBC
 * connections are not.
 */
public final class SessionState {

    /** What a session has and an application may change; in the order in which it is put back. */
    @SuppressWarnings("ImmutableEnumChecker") // its lambdas capture nothing
    enum Attribute {
        AUTO_COMMIT(Connection::getAutoCommit, (connection, value) -> connection.setAutoCommit((Boolean) value)),
        TRANSACTION_ISOLATION(
                Connection::getTransactionIsolation,
                (connection, value) -> connection.setTransactionIsolation((Integer) value)),
        READ_ONLY(Connection::isReadOnly, (connection, value) -> connection.setReadOnly((Boolean) value)),
        CATALOG(Connection::getCatalog, (connection, value) -> connection.setCatalog((String) value)),
        SCHEMA(Connection::getSchema, (connection, value) -> connection.setSchema((String) value)),
        HOLDABILITY(Connection::getHoldability, (connection, value) -> connection.setHoldability((Integer) value)),
        NETWORK_TIMEOUT(
                Connection::getNetworkTimeout,
                (connection, value) -> connection.setNetworkTimeout(Runnable::run, (Integer) value)),
        TYPE_MAP(
                connection -> copy(connection.getTypeMap()),
                (connection, value) -> connection.setTypeMap(typeMap(value))),
        CLIENT_INFO(
                connection -> copy(connection.getClientInfo()),
                (connection, value) -> putBackClientInfo(connection, (Properties) value));

        private final Getter getter;
        private final Setter setter;

        Attribute(Getter getter, Setter setter) {
            this.getter = getter;
            this.setter = setter;
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Class<?>> typeMap(Object value) {
            return (Map<String, Class<?>>) value;
        }

        /** H2 has null for none. */
        private static Map<String, Class<?>> copy(@Nullable Map<String, Class<?>> original) {
            return original == null ? new HashMap<>() : new HashMap<>(original);
        }

        /** Connector/J clears nothing that is set as a whole, but its map is the live one. */
        private static void putBackClientInfo(Connection connection, Properties value) throws SQLException {
            connection.setClientInfo(value);
            Properties now = connection.getClientInfo();
            if (now != null) {
                now.keySet().retainAll(value.keySet());
            }
        }

        private static Properties copy(@Nullable Properties original) {
            var copy = new Properties();
            if (original != null) {
                copy.putAll(original);
            }
            return copy;
        }
    }

    @FunctionalInterface
    private interface Getter {
        @Nullable Object get(Connection connection) throws SQLException;
    }

    @FunctionalInterface
    private interface Setter {
        void set(Connection connection, Object value) throws SQLException;
    }

    private final Map<Attribute, @Nullable Object> before = new EnumMap<>(Attribute.class);
    private boolean autoCommit = true;

    /** To be called before an attribute is changed; only the first time counts. */
    void remember(Attribute attribute, Connection connection) throws SQLException {
        if (!before.containsKey(attribute)) {
            before.put(attribute, attribute.getter.get(connection));
        }
    }

    /** Whether each statement is committed on its own, as far as the application has set it. */
    boolean autoCommit() {
        return autoCommit;
    }

    void autoCommit(boolean newValue) {
        autoCommit = newValue;
    }

    /** Whether the session is not as the application has got it. */
    public boolean isChanged() {
        return !before.isEmpty();
    }

    /** @throws SQLException if another session would not be the same to the application */
    public void refuseIfChanged() throws SQLException {
        if (!before.isEmpty()) {
            throw new SQLException(
                    "The connection was lost, and with it what had been set: " + before.keySet(), "08006");
        }
    }

    /** Before anything that has a bound of its own: whoever sets that puts back what it finds. */
    public void restoreNetworkTimeout(Connection connection) throws SQLException {
        if (before.containsKey(Attribute.NETWORK_TIMEOUT)) {
            putBack(Attribute.NETWORK_TIMEOUT, before.get(Attribute.NETWORK_TIMEOUT), connection);
            before.remove(Attribute.NETWORK_TIMEOUT);
        }
    }

    /** Puts back what was changed, and only that; clears warnings. */
    public void restore(Connection connection) throws SQLException {
        for (var entry : before.entrySet()) {
            putBack(entry.getKey(), entry.getValue(), connection);
        }
        before.clear();
        autoCommit = true;
        connection.clearWarnings();
    }

    /** A session without a database, for instance, cannot be put back into that state. */
    private static void putBack(Attribute attribute, @Nullable Object value, Connection connection)
            throws SQLException {
        if (value != null) {
            attribute.setter.set(connection, value);
        } else if (attribute.getter.get(connection) != null) {
            throw new SQLException(attribute + " had no value before it was set, and cannot be put back", "HY000");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One of the databases, the link with faults to it, and what an administrator sees past the link.
 *
 * @param adapter the name of its resource adapter in the server's configuration
 */
record Site(String adapter, Dialect dialect, DatabaseServer server, FaultProxy link) {

    /** For {@code docs/reprise.cli}; the server gets the password in its environment. */
    Map<String, String> properties() {
        return Map.of(
                "reprise.url",
                server.jdbcUrl(link.port()),
                "reprise.user",
                server.user(),
                "reprise.min-pool-size",
                "2",
                "reprise.max-pool-size",
                "20");
    }

    /** A command of the server that writes a property of the adapter, which was not written before. */
    String property(String name, String value) {
        return "/subsystem=resource-adapters/resource-adapter=%1$s/connection-definitions=%1$s".formatted(adapter)
                + "/config-properties=%s:add(value=%s)".formatted(name, value);
    }

    List<Long> sessions() throws SQLException {
        try (Connection connection = server.administrator();
                PreparedStatement select = connection.prepareStatement(dialect.sessions())) {
            select.setString(1, server.user());
            try (ResultSet row = select.executeQuery()) {
                var sessions = new ArrayList<Long>();
                while (row.next()) {
                    sessions.add(row.getLong(1));
                }
                return sessions;
            }
        }
    }

    /** Whatever the sessions are doing now, and only that. */
    void killQueries() throws SQLException {
        List<Long> sessions = sessions();
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement()) {
            for (long session : sessions) {
                killQuery(statement, session);
            }
        }
    }

    private void killQuery(Statement statement, long session) throws SQLException {
        try {
            statement.execute(dialect.cancel(session));
        } catch (SQLException e) {
            if (e.getErrorCode() != 1094) { // no such thread: it has ended by itself
                throw e;
            }
        }
    }

    void readOnly(boolean on) throws SQLException {
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement()) {
            statement.execute("set global read_only = " + (on ? 1 : 0));
        }
    }

    /** Transactions that are open, and branches that are prepared. */
    long inDoubt() throws SQLException {
        return number(dialect.transactions()) + server.preparedXids().size();
    }

    /** Cents in all accounts. */
    long money() throws SQLException {
        return number("select sum(balance) from account");
    }

    /** The transfers between this bank and the other. */
    Set<Integer> storedInBoth() throws SQLException {
        return stored("select id from transfer where debit > 10 or credit > 10");
    }

    /** The ids of all transfers; one that no client could have chosen is negative. */
    Set<Integer> stored() throws SQLException {
        return stored("select id from transfer");
    }

    private Set<Integer> stored(String query) throws SQLException {
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            var ids = new HashSet<Integer>();
            while (row.next()) {
                String id = row.getString(1);
                ids.add(id.matches("\\d{1,9}") ? Integer.parseInt(id) : -1 - ids.size());
            }
            return ids;
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}

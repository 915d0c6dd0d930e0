// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.DatabaseServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;

/** What the administrator of a database server does to it and knows of it, past all proxies. */
abstract class Administrator {

    /** The table of the adapter's ledger. */
    static final String LEDGER = "reprise_slot";

    /** Something that calls wait for until it is given up. */
    interface Hold extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    private final DatabaseServer server;

    Administrator(DatabaseServer server) {
        this.server = server;
    }

    final DatabaseServer server() {
        return server;
    }

    abstract String version() throws SQLException;

    abstract void createTable(String name) throws SQLException;

    abstract void createLedger() throws SQLException;

    /** Returns when the session has ended and its work is undone, as far as it was not prepared. */
    abstract void terminate(long session) throws SQLException;

    /** Ends what the session does now, and not the session. */
    abstract void cancel(long session) throws SQLException;

    /** From now on such a call waits inside the server. */
    abstract Hold hold(Call call) throws SQLException;

    /** Whether the session waits for a {@link #hold}. */
    abstract boolean waits(long session) throws SQLException;

    abstract void readOnly(boolean on) throws SQLException;

    /** How many transactions have written and are neither completed nor prepared. */
    abstract long open() throws SQLException;

    /**
     * Others work while the caller waits. After a crash PostgreSQL gives the numbers of lost transactions to new ones: a
     * guard that asks for a number must not take theirs for its own.
     */
    final void letOthersWork() throws SQLException {
        execute(Collections.nCopies(64, "insert into " + Resource.OTHER_TABLE + " values ('others')")
                .toArray(String[]::new));
    }

    final long rows(String table, String key) throws SQLException {
        return number("select count(*) from " + table + " where id = '" + key + '\'');
    }

    final List<String> prepared() throws SQLException {
        return server.preparedXids();
    }

    /** Whatever sessions and prepared branches are left. */
    final void clear() throws SQLException {
        server.killConnections(server.user());
        for (String xid : prepared()) {
            rollBack(xid);
        }
    }

    /** Recovery may be about to end it, too. */
    private void rollBack(String xid) throws SQLException {
        try {
            server.rollBackPrepared(xid);
        } catch (SQLException e) {
            if (prepared().contains(xid)) {
                throw e;
            }
        }
    }

    final void execute(String... sql) throws SQLException {
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }

    final long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    final String text(String sql) throws SQLException {
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** In a session of its own, which ends with the hold. */
    final Hold hold(String... sql) throws SQLException {
        Connection connection = server.administrator();
        try (Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
            return connection::close;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}

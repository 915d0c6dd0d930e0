// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.InTransaction;
import dev.reprise.database.PhysicalConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How sessions begin, and how they begin anew for the next application. Thread-safe. */
final class SessionSetup {

    private final Sessions sessions;
    private final Duration timeout;

    SessionSetup(Settings settings) {
        this.sessions = settings.sessions();
        this.timeout = settings.connectTimeout();
    }

    /** The isolation that applications want is not for our own errands, which would read what is not committed. */
    void errand(PhysicalConnection opened) throws SQLException {
        if (!sessions.newConnectionSql().isEmpty()) {
            try {
                opened.bounded(timeout, () -> run(opened.connection(), sessions.newConnectionSql()));
            } catch (SQLException e) {
                throw new SQLException(
                        "newConnectionSql failed: " + e.getMessage(), e.getSQLState(), e.getErrorCode(), e);
            }
        }
        if (!opened.connection().getAutoCommit()) {
            throw new SQLException(
                    "The connection does not begin in auto-commit mode: newConnectionSql, the driver's properties and"
                            + " the server's init_connect must leave it on",
                    "25000");
        }
        if (opened.database().inTransaction(opened.connection()) == InTransaction.YES) {
            throw new SQLException(
                    "The connection begins inside a transaction: newConnectionSql must not begin one, or must end it",
                    "25000");
        }
    }

    void application(PhysicalConnection opened) throws SQLException {
        if (sessions.resetOnReturn()) {
            opened.<@Nullable Void, SQLException>bounded(timeout, () -> {
                opened.keepAsItIs();
                return null;
            });
        }
        begin(opened);
    }

    /**
     * Nothing unless it is configured; in no transaction, and after all that the driver knows of was put back.
     *
     * @return whether the session is as new
     */
    boolean anew(PhysicalConnection returned) throws SQLException {
        if (sessions.resetOnReturn()) {
            returned.reset();
            begin(returned);
        }
        return sessions.resetOnReturn();
    }

    private void begin(PhysicalConnection opened) throws SQLException {
        errand(opened);
        if (sessions.isolation().isPresent()) {
            opened.<@Nullable Void, SQLException>bounded(timeout, () -> {
                opened.connection().setTransactionIsolation(sessions.isolation().get());
                return null;
            });
        }
    }

    private static boolean run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Two real servers: a primary, and a replica that takes no writes from the ordinary user and applies what the primary
 * has committed. To be used by one thread at a time; what a method says is waited for, within a minute.
 */
public interface DatabasePair extends AutoCloseable {

    /** The one that is, or was last, the primary. */
    DatabaseServer primary();

    DatabaseServer replica();

    /** The replica has applied all that the primary has committed until now. */
    void awaitCaughtUp() throws SQLException;

    /** The primary takes no writes from now on; PostgreSQL can do that only by ending, in good order. */
    void demote() throws SQLException;

    /** From now on, and until another one is the primary, it acknowledges no commit before the replica has got it. */
    void acknowledgeWhatIsCopied() throws SQLException;

    /**
     * The replica is the primary from now on, whatever has become of the former one, and whatever it had not got yet; if
     * it was applying changes, it has applied all that it had got.
     */
    void promote() throws SQLException;

    /**
     * The former primary is started if need be and follows the new one.
     *
     * @throws IllegalStateException if it has what the new one does not have
     */
    void rejoin() throws SQLException;

    @Override
    default void close() {
        primary().close();
        replica().close();
    }

    /** The first column of the first row. */
    static String query(DatabaseServer server, String sql) throws SQLException {
        try (Connection connection = server.administrator();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    static void execute(DatabaseServer server, String... statements) throws SQLException {
        try (Connection connection = server.administrator();
                var statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}

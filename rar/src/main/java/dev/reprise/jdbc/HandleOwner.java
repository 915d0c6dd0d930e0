// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** What a connection handle needs of the managed connection behind it. Called on the hot path: no lock, no allocation. */
public interface HandleOwner {

    /** The transaction may take as long as it likes, or there is none. */
    int NO_DEADLINE = Integer.MAX_VALUE;

    /** The driver's connection; throws if the transaction or the connection is lost, and calls are refused. */
    Connection physical() throws SQLException;

    /** A call begins that makes the server run something; throws to refuse it. Otherwise {@link #exit} follows. */
    void enter() throws SQLException;

    void exit();

    /** The application is about to have this run, or prepared; throws to refuse it. */
    void sees(String sql) throws SQLException;

    /**
     * A call of the driver failed.
     *
     * @param mayHaveCommitted whether the call would have committed something: if its reply was lost, nobody knows
     * @return what the application shall see
     */
    SQLException failed(SQLException e, boolean mayHaveCommitted);

    /** The application has got an object of the driver itself, and what it does with it is not seen. */
    void unwrapped();

    /** The application closed its handle. */
    void closed(ConnectionHandle handle, LeftOpen left);

    /** The application wants the connection to be cut now, whoever is using it. */
    void abort();

    /** Whether the container controls the transaction. */
    boolean inManagedTransaction();

    boolean savepointsAllowed();

    /** How long a call may wait for an answer whose caller sets no limit; never zero. */
    int patienceMillis();

    SessionState session();

    /** What holds for the statements of its handles. */
    default StatementRules statements() {
        return StatementRules.DEFAULTS;
    }

    /** How long the container's transaction may still take, rounded down; zero or less if its time is over. */
    default int remainingSeconds() {
        return NO_DEADLINE;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Recording;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a connection handle needs of the managed connection behind it. Called on the hot path: no lock, no allocation. */
public interface HandleOwner {

    /** The transaction may take as long as it likes, or there is none. */
    int NO_DEADLINE = Integer.MAX_VALUE;

    /** The driver's connection; throws if the transaction or the connection is lost, and calls are refused. */
    Connection physical() throws SQLException;

    /** A call begins that makes the server run something; throws to refuse it. Otherwise {@link #exit} follows. */
    void enter() throws SQLException;

    void exit();

    /**
     * Has the server begin the transaction in which the next call is to run, if it has not yet.
     *
     * @throws SQLException of the driver; nothing has been run then
     */
    default void begin() throws SQLException {}

    /** The application is about to have this run, or prepared; throws to refuse it. */
    void sees(String sql) throws SQLException;

    /** Whether its transactions are recorded; if not, {@link #recording} is always null. */
    default boolean records() {
        return false;
    }

    /** Takes what the application does and sees; null while that is not recorded. */
    default @Nullable Recording recording() {
        return null;
    }

    /**
     * A call of the driver failed.
     *
     * @return whether that was made good: the call, and all that the application has, can be used as if it had not been
     * @throws SQLException for the application, if that was tried in vain: the transaction can only be rolled back
     */
    default boolean makesGood(SQLException e) throws SQLException {
        return false;
    }

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

    /** Whether the calling thread is in a transaction of the container that this connection is not part of. */
    default boolean missesTransaction() {
        return false;
    }

    /** Another number for each transaction of the connection. */
    default int transaction() {
        return 0;
    }

    /** Whether the transaction of this number goes on. */
    default boolean isIn(int transaction) {
        return false;
    }

    /** A handle of another connection works on this one until the transaction is over; it is invalidated as its own are. */
    default void receive(ConnectionHandle handle) {}

    /** Before that. */
    default void leave(ConnectionHandle handle) {}

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

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.Commit;
import dev.reprise.database.Outcome;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.fault.Fault;
import dev.reprise.xa.Branch;
import dev.reprise.xa.LostSessions;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/**
 * The local transaction that a container runs on a managed connection. It reads a failed commit as rolled back, so that
 * an unknown one needs an exception of its own ({@link UnknownOutcome}).
 */
final class LocalBranch implements LocalTransaction {

    /**
     * The SQLState when the connection was lost before COMMIT was sent. Not the lost connection's own: IronJacamar
     * reports us as XA_RBROLLBACK, as it does a lost COMMIT of any other adapter, so that nobody may believe that.
     */
    private static final String UNDONE = "40001";

    private final PhysicalHolder host;
    private final Branch branch;
    private final Enlistment enlistment;
    private final LostSessions sessions;

    LocalBranch(PhysicalHolder host, Branch branch, Enlistment enlistment) {
        this.enlistment = enlistment;
        this.host = host;
        this.sessions = new LostSessions(host);
        this.branch = branch;
    }

    @Override
    public void begin() throws ResourceException {
        if (!branch.begin(null)) {
            throw new LocalTransactionException("The connection still has a transaction (" + branch.state() + ")");
        }
        enlistment.timeLeft().ifPresent(branch::endsWithin);
        try {
            start(host.physical());
            host.local();
        } catch (SQLException e) {
            branch.finish();
            host.notStarted(e);
            throw new LocalTransactionException("The transaction could not be started: " + e.getMessage(), e);
        }
    }

    /** A connection that is found dead before it has done any work is replaced, once. */
    private void start(PhysicalConnection first) throws SQLException {
        if (!first.isLost()) {
            try {
                run(
                        first,
                        branch.atMost(host.controlTimeout()),
                        () -> first.connection().setAutoCommit(false));
                return;
            } catch (SQLException e) {
                if (first.fault(e) != Fault.CONNECTION) {
                    throw e;
                }
                host.lost(first, e);
            }
        }
        PhysicalConnection fresh = host.replace();
        run(
                fresh,
                branch.atMost(host.controlTimeout()),
                () -> fresh.connection().setAutoCommit(false));
    }

    @Override
    public void commit() throws ResourceException {
        PhysicalConnection connection = complete("commit");
        SQLException mixed = branch.mixed();
        if (mixed != null) {
            rollback(connection);
            throw UnknownOutcome.of("The transaction is not a whole any more", mixed);
        }
        SQLException loss = connection.loss();
        SQLException undone = loss == null ? branch.undone() : loss;
        if (undone != null) {
            rollback(connection);
            throw rolledBack(undone, loss == null ? undone.getSQLState() : UNDONE);
        }
        Commit commit = connection.newCommit(null, branch.mayHaveWritten());
        try {
            run(connection, commit::run);
            end(connection);
        } catch (SQLException e) {
            settle(connection, commit, e);
        }
    }

    private void settle(PhysicalConnection connection, Commit commit, SQLException failure) throws ResourceException {
        Fault fault = connection.fault(failure);
        boolean readOnly = connection.becameReadOnly(failure);
        boolean lost = fault == Fault.CONNECTION && !readOnly;
        boolean refused = fault == Fault.TRANSACTION || readOnly;
        if (fault == Fault.CONNECTION) {
            host.lost(connection, failure);
        }
        Outcome outcome = sessions.outcome(commit, connection, !lost);
        if (connection.isLost()) {
            branch.finish();
        } else {
            end(connection);
        }
        if (outcome == Outcome.ROLLED_BACK || (outcome == Outcome.UNKNOWN && refused)) {
            throw rolledBack(failure, lost ? UNDONE : failure.getSQLState());
        }
        if (outcome == Outcome.UNKNOWN) {
            String name = "local transaction " + UUID.randomUUID();
            host.searchLater(name, commit, connection);
            throw UnknownOutcome.of(
                    "The reply of COMMIT was lost or says nothing: committed or rolled back, this could not be found out"
                            + " within " + host.guardTimeout().toSeconds() + " s [" + name + "]",
                    failure);
        }
    }

    /** A copy is attached: the application may be throwing the original, and its container adds ours to that one. */
    private static LocalTransactionException rolledBack(SQLException reason, @Nullable String sqlState) {
        var copy = new SQLException(reason.getMessage(), sqlState, reason.getErrorCode(), reason.getCause());
        copy.setStackTrace(reason.getStackTrace());
        return new LocalTransactionException("The transaction was rolled back: " + reason.getMessage(), copy);
    }

    @Override
    public void rollback() throws ResourceException {
        PhysicalConnection connection = complete("rollback");
        if (branch.abandon()) {
            host.sever(connection, new SQLException("The transaction was rolled back while it was in use", "40000"));
        }
        SQLException mixed = branch.mixed();
        rollback(connection);
        if (mixed != null) {
            throw new LocalTransactionException("A part of the transaction may have been committed", mixed);
        }
    }

    private PhysicalConnection complete(String what) throws ResourceException {
        if (!branch.complete()) {
            throw new LocalTransactionException("No transaction to " + what + " (" + branch.state() + ")");
        }
        PhysicalConnection connection = host.physical();
        if (branch.abandonIfInFlight()) {
            host.sever(connection, new SQLException("Another thread was still using the connection", "40000"));
        }
        return connection;
    }

    /** What was not committed is undone, at the latest when its session ends; a connection that cannot say so is cut. */
    private void rollback(PhysicalConnection connection) {
        if (!connection.isLost()) {
            try {
                run(connection, () -> connection.connection().rollback());
                end(connection);
                return;
            } catch (SQLException e) {
                host.sever(connection, e);
            }
        }
        sessions.end(connection);
        branch.finish();
    }

    /** The commit or rollback stands, whatever becomes of the connection. */
    private void end(PhysicalConnection connection) {
        try {
            run(connection, () -> connection.connection().setAutoCommit(true));
        } catch (SQLException e) {
            host.lost(connection, e);
        }
        branch.finish();
    }

    /** A call of the driver that gives nothing back. */
    @FunctionalInterface
    private interface Step {
        void run() throws SQLException, XAException;
    }

    private void run(PhysicalConnection connection, Step step) throws SQLException {
        run(connection, host.controlTimeout(), step);
    }

    private static void run(PhysicalConnection connection, Duration timeout, Step step) throws SQLException {
        connection.<@Nullable Void, SQLException>bounded(timeout, () -> {
            try {
                step.run();
            } catch (XAException e) {
                throw new SQLException("A local transaction has no branch", e); // it is not asked for one
            }
            return null;
        });
    }
}

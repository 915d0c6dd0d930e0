// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.InTransaction;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.jdbc.ConnectionHandle;
import dev.reprise.jdbc.HandleOwner;
import dev.reprise.jdbc.LeftOpen;
import dev.reprise.jdbc.SessionState;
import dev.reprise.jdbc.StatementRules;
import dev.reprise.replay.Recording;
import dev.reprise.xa.Branch;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What the application's calls pass on their way to the driver, and their failures on the way back. Nothing gets through
 * that would be auto-committed although the application believes that it is in a transaction.
 */
final class ApplicationGate implements HandleOwner {

    private final PhysicalHolder host;
    private final Branch branch;
    private final Handles handles;
    private final Events events;
    private final Enlistment enlistment;
    private final boolean required;
    private final SessionState session = new SessionState();
    private final @Nullable Replay replay;

    ApplicationGate(PhysicalHolder host, Branch branch, Handles handles, Events events, Enlistment enlistment) {
        this.host = host;
        this.branch = branch;
        this.handles = handles;
        this.events = events;
        this.enlistment = enlistment;
        this.required = host.requiresTransaction();
        this.replay = host.replaying().on() ? new Replay(host, branch, session, enlistment) : null;
    }

    @Override
    public Connection physical() throws SQLException {
        PhysicalConnection connection = host.physical();
        SQLException loss = connection.loss();
        if (loss != null) {
            throw refused("The connection was lost earlier", loss);
        }
        switch (branch.state()) {
            case ACTIVE -> {
                branch.use();
                SQLException undone = branch.undone();
                if (undone != null) {
                    throw refused("The transaction was undone earlier and can only be rolled back", undone);
                }
            }
            case NONE -> refuseOutsideItsTransaction();
            default -> throw new SQLException("The transaction has ended (" + branch.state() + ")", "25000");
        }
        return connection.connection();
    }

    private void refuseOutsideItsTransaction() throws SQLException {
        if (branch.abandoned()) {
            throw new SQLException("The transaction was rolled back by the transaction manager", "40000");
        }
        if (missesTransaction()) {
            throw new SQLException(
                    "The connection is not part of the current transaction; this would be committed on its own",
                    "25000");
        }
    }

    @Override
    public boolean missesTransaction() {
        return branch.state() == Branch.State.NONE && !branch.abandoned() && enlistment.isMissing();
    }

    @Override
    public int transaction() {
        return branch.number();
    }

    @Override
    public boolean isIn(int transaction) {
        return branch.state() != Branch.State.NONE && branch.number() == transaction;
    }

    @Override
    public void receive(ConnectionHandle handle) {
        handles.add(handle);
    }

    @Override
    public void leave(ConnectionHandle handle) {
        handles.remove(handle);
    }

    private static SQLException refused(String why, SQLException first) {
        return new SQLException(why + ": " + first.getMessage(), first.getSQLState(), first.getErrorCode(), first);
    }

    @Override
    public void enter() throws SQLException {
        branch.enter();
        try {
            physical();
            refuseWithoutTransaction();
        } catch (SQLException e) {
            branch.exit();
            throw e;
        }
    }

    /** Nothing says before it has run that a statement does not write. */
    private void refuseWithoutTransaction() throws SQLException {
        if (required && branch.state() == Branch.State.NONE) {
            throw new SQLException(
                    "requireTransaction=true: nothing is run outside a transaction of the container", "25000");
        }
    }

    @Override
    public void begin() throws SQLException {
        PhysicalConnection connection = host.physical();
        if (connection.hasToBegin()) {
            connection.begin(branch.atMost(host.controlTimeout()));
        }
    }

    @Override
    public void exit() {
        branch.exit();
        if (branch.state() == Branch.State.ACTIVE) {
            look(host.physical());
        }
    }

    private void look(PhysicalConnection connection) {
        InTransaction now = connection.database().inTransaction(connection.connection());
        if (now != InTransaction.UNKNOWN && !connection.isLost()) {
            branch.seen(now == InTransaction.YES);
        }
    }

    @Override
    public void sees(String sql) throws SQLException {
        if (inManagedTransaction() && host.physical().database().isTransactional(sql, savepointsAllowed())) {
            throw new SQLException(
                    "The container controls this transaction: it is not begun, ended or divided by SQL", "25000");
        }
        if (replay != null) {
            replay.sees(sql);
        }
    }

    @Override
    public boolean records() {
        return replay != null;
    }

    @Override
    public @Nullable Recording recording() {
        return replay == null ? null : replay.recording();
    }

    @Override
    public boolean makesGood(SQLException e) throws SQLException {
        return replay != null && replay.makesGood(e);
    }

    @Override
    public SQLException failed(SQLException e, boolean mayHaveCommitted) {
        PhysicalConnection connection = host.physical();
        return switch (connection.fault(e)) {
            case STATEMENT -> {
                if (connection.database().isReadOnlyTransaction(e)) {
                    host.doubt(connection); // it may be the server's doing
                }
                if (connection.database().statementFailureAbortsTransaction() && !savepointsAllowed()) {
                    branch.undo(e);
                }
                yield e;
            }
            case TRANSACTION -> {
                branch.undo(e);
                yield e;
            }
            case CONNECTION -> lost(connection, e, mayHaveCommitted);
        };
    }

    /**
     * Inside a transaction the container is not told: IronJacamar would mark it rollback-only silently. Prepare and
     * commit say it, and then cleanup.
     */
    private SQLException lost(PhysicalConnection connection, SQLException e, boolean mayHaveCommitted) {
        boolean inTransaction = inManagedTransaction() || branch.abandoned();
        host.lost(connection, e);
        branch.undo(e);
        if (inTransaction) {
            return e;
        }
        events.failed(e);
        return mayHaveCommitted && !connection.becameReadOnly(e)
                ? new SQLException(
                        "The reply was lost: done or not done, this is not known: " + e.getMessage(), "08007", e)
                : e;
    }

    @Override
    public void abort() {
        var aborted = new SQLException("The application aborted the connection", "08006");
        branch.undo(aborted); // before the call that is under way fails, which would be made good otherwise
        host.sever(host.physical(), aborted);
        if (!inManagedTransaction()) {
            events.failed(aborted);
        }
    }

    @Override
    public void unwrapped() {
        branch.escape();
        if (replay != null) {
            replay.unwrapped();
        }
    }

    @Override
    public void closed(ConnectionHandle handle, LeftOpen left) {
        said(left);
        handles.remove(handle);
        events.closed(handle);
    }

    /** @return what was said */
    static LeftOpen said(LeftOpen left) {
        if (left.statements() > 0) {
            LOG.leftOpen(left.statements());
            left.openers().forEach(LOG::openedHere);
        }
        return left;
    }

    @Override
    public StatementRules statements() {
        return host.statements();
    }

    @Override
    public boolean inManagedTransaction() {
        return branch.state() != Branch.State.NONE;
    }

    @Override
    public int remainingSeconds() {
        return branch.timeLeft().map(left -> (int) left.toSeconds()).orElse(NO_DEADLINE);
    }

    @Override
    public boolean savepointsAllowed() {
        return !branch.isXa();
    }

    @Override
    public int patienceMillis() {
        return (int) branch.atMost(host.controlTimeout()).toMillis();
    }

    @Override
    public SessionState session() {
        return session;
    }
}

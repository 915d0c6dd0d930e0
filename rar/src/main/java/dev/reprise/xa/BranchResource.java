// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.xa.Branch.State.ACTIVE;
import static dev.reprise.xa.Branch.State.COMPLETING;
import static dev.reprise.xa.Branch.State.ENDED;
import static dev.reprise.xa.Branch.State.IN_DOUBT;
import static dev.reprise.xa.Branch.State.PREPARED;

import dev.reprise.database.Commit;
import dev.reprise.database.Outcome;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Search;
import dev.reprise.database.Xids;
import java.sql.SQLException;
import java.time.Duration;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The XAResource of one managed connection. Thread-safe. No code leaves it that a transaction manager would misread,
 * and no call waits for longer than the control timeout for an answer.
 *
 * <p>END is not sent when it is called but with PREPARE, COMMIT or ROLLBACK: a connection that was lost meanwhile is
 * then reported by the call whose answer the transaction manager acts upon, with its cause, and JOIN and RESUME cost
 * nothing.
 */
public final class BranchResource implements XAResource {

    private final BranchHost host;
    private final Branch branch;
    private final LostSessions sessions;
    private final PreparedBranches prepared;
    private final UnpreparedBranch unprepared;
    private final BranchStart starting;
    private final ControlCalls calls;
    private volatile int timeoutSeconds;

    public BranchResource(BranchHost host, Branch branch) {
        this.host = host;
        this.branch = branch;
        this.sessions = new LostSessions(host);
        this.prepared = new PreparedBranches(host, branch);
        this.unprepared = new UnpreparedBranch(host, sessions);
        this.starting = new BranchStart(host, branch, sessions);
        this.calls = new ControlCalls(host);
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        switch (flags) {
            case TMNOFLAGS -> begin(xid);
            case TMJOIN, TMRESUME -> {
                if (!branch.is(xid) || !branch.move(ACTIVE, ENDED, ACTIVE)) {
                    throw Verdict.PROTOCOL.of(
                            xid, "Only this connection's own ended branch can be joined or resumed", null);
                }
            }
            default -> throw Verdict.INVALID.of(xid, "START with flags 0x" + Integer.toHexString(flags), null);
        }
    }

    private void begin(Xid xid) throws XAException {
        if (!branch.begin(xid)) {
            Verdict verdict = branch.is(xid) ? Verdict.DUPLICATE : Verdict.PROTOCOL;
            throw verdict.of(xid, "The connection still has a branch (" + branch.state() + ")", null);
        }
        if (timeoutSeconds > 0) {
            branch.endsWithin(Duration.ofSeconds(timeoutSeconds));
        }
        try {
            starting.start(xid);
        } catch (XAException e) {
            branch.finish();
            throw e;
        }
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        if (flags != TMSUCCESS && flags != TMSUSPEND && flags != TMFAIL) {
            throw Verdict.INVALID.of(xid, "END with flags 0x" + Integer.toHexString(flags), null);
        }
        if (branch.wasRolledBack(xid)) {
            throw Verdict.ROLLED_BACK.of(xid, "The branch was rolled back before its end", null);
        }
        if (!branch.is(xid)) {
            throw Verdict.NOT_THERE.of(xid, "END of a branch that this connection does not have", null);
        }
        if (flags == TMFAIL) {
            branch.undo(new SQLException("The branch was ended with TMFAIL", "40000"));
        }
        if (!branch.move(ENDED, ACTIVE, ENDED)) {
            throw Verdict.PROTOCOL.of(xid, "END of a branch that is " + branch.state(), null);
        }
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        PhysicalConnection connection = complete(xid, "prepare");
        if (!branch.mayHaveWritten()) {
            commit(xid, connection);
            return XA_RDONLY;
        }
        try {
            int vote = connection.bounded(
                    branch.atMost(host.controlTimeout()),
                    () -> connection.xaResource().prepare(xid));
            if (vote == XA_RDONLY) {
                branch.finish();
            } else {
                branch.move(PREPARED, COMPLETING);
                host.prepared(xid, connection);
            }
            return vote;
        } catch (XAException | SQLException e) {
            Answer answer = Answer.of(connection, e);
            if (answer.kind() == Answer.Kind.LOST) {
                host.lost(connection, answer.cause());
                throw lostPrepare(xid, connection, answer.cause());
            }
            throw undo(xid, connection, answer);
        }
    }

    /**
     * Nothing has been promised to anybody yet. So the branch is rolled back here and now, prepared or not, and the
     * answer is certain; if it cannot be, the transaction manager will ask for it, and its rows are freed as soon as the
     * server is back.
     */
    private XAException lostPrepare(Xid xid, PhysicalConnection connection, SQLException cause) {
        Search rollback = prepared.rollbackElsewhere(xid);
        if (sessions.outcome(rollback, connection) == Outcome.ROLLED_BACK) {
            branch.finishRolledBack();
            return Verdict.CONNECTION_LOST.of(xid, "The reply of PREPARE was lost, and it was rolled back", cause);
        }
        branch.move(IN_DOUBT, COMPLETING);
        host.searchLater(Xids.text(xid), rollback, connection);
        return Verdict.LATER.of(xid, "The reply of PREPARE was lost, and the server cannot be asked", cause);
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        if (onePhase) {
            commit(xid, complete(xid, "commit"));
        } else if (branch.is(xid) && branch.move(COMPLETING, PREPARED, IN_DOUBT)) {
            commitPrepared(xid);
        } else if (branch.is(xid)) {
            throw Verdict.PROTOCOL.of(xid, "COMMIT of a branch that is " + branch.state(), null);
        } else {
            prepared.commit(xid);
        }
    }

    /** The branch has ended, and is committed in such a way that its outcome can be found out. */
    private void commit(Xid xid, PhysicalConnection connection) throws XAException {
        Commit commit = connection.newCommit(xid, branch.mayHaveWritten());
        try {
            calls.run(connection, commit::run);
            branch.finish();
        } catch (XAException | SQLException e) {
            Answer answer = Answer.of(connection, e);
            boolean lost = answer.kind() == Answer.Kind.LOST;
            if (lost || answer.kind() == Answer.Kind.READ_ONLY) {
                host.lost(connection, answer.cause());
            }
            Outcome outcome = sessions.outcome(commit, connection, !lost);
            boolean refused = outcome == Outcome.UNKNOWN && answer.kind() == Answer.Kind.READ_ONLY;
            settle(xid, connection, commit, answer, refused ? Outcome.ROLLED_BACK : outcome);
        }
    }

    private void settle(Xid xid, PhysicalConnection connection, Commit commit, Answer answer, Outcome outcome)
            throws XAException {
        switch (outcome) {
            case COMMITTED -> branch.finish();
            case ROLLED_BACK -> {
                branch.finishRolledBack();
                if (answer.kind() == Answer.Kind.READ_ONLY) {
                    host.sever(connection, answer.cause());
                    host.searchLater(Xids.text(xid), prepared.rollbackElsewhere(xid), connection);
                }
                throw answer.kind() == Answer.Kind.LOST
                        ? Verdict.CONNECTION_LOST.of(
                                xid, "The reply of COMMIT was lost, and it was rolled back", answer.cause())
                        : Verdict.ROLLED_BACK.of(
                                xid, "The server refused, and the branch was rolled back", answer.cause());
            }
            case UNKNOWN -> {
                branch.finish();
                host.searchLater(Xids.text(xid), commit, connection);
                throw Verdict.UNKNOWN.of(
                        xid,
                        "The reply of COMMIT was lost: committed or rolled back, this could not be found out within "
                                + host.guardTimeout().toSeconds() + " s",
                        answer.cause());
            }
        }
    }

    private void commitPrepared(Xid xid) throws XAException {
        PhysicalConnection connection = host.physical();
        try {
            prepared.commitOn(connection, xid);
            branch.finish();
        } catch (XAException e) {
            if (e.errorCode == XAException.XAER_RMFAIL) {
                branch.move(PREPARED, COMPLETING);
                host.sever(connection, new SQLException("A prepared branch was left to recovery", "08006", e));
            } else {
                branch.finish();
            }
            throw e;
        }
    }

    /**
     * Closes the gate, tells the server that the branch has ended, and gives the connection on which it can be prepared
     * or committed. If it cannot, it is rolled back here and now, and this is what the exception says.
     */
    private PhysicalConnection complete(Xid xid, String what) throws XAException {
        if (branch.wasRolledBack(xid)) {
            throw Verdict.ROLLED_BACK.of(xid, "The branch was rolled back before " + what, null);
        }
        if (!branch.is(xid)) {
            throw Verdict.NOT_THERE.of(xid, "This connection does not have the branch to " + what, null);
        }
        if (!branch.move(COMPLETING, ENDED)) {
            throw Verdict.PROTOCOL.of(xid, "The branch to " + what + " is " + branch.state(), null);
        }
        PhysicalConnection connection = host.physical();
        if (branch.abandonIfInFlight()) {
            host.sever(connection, new SQLException("Another thread was still using the connection", "40000"));
        }
        SQLException loss = connection.loss();
        if (loss != null) {
            sessions.end(connection);
            branch.finishRolledBack();
            throw Verdict.CONNECTION_LOST.of(xid, "The connection was lost before " + what, loss);
        }
        if (branch.mixed() != null) {
            branch.move(ENDED, COMPLETING);
            throw (what.equals("prepare") ? Verdict.BROKEN : Verdict.UNKNOWN)
                    .of(xid, "The branch is not a whole any more", branch.mixed());
        }
        SQLException undone = branch.undone();
        if (undone != null) {
            unprepared.end(xid, connection);
            unprepared.rollback(xid, connection);
            branch.finishRolledBack();
            throw Verdict.ROLLED_BACK.of(xid, "The branch could only be rolled back", undone);
        }
        try {
            calls.run(
                    connection,
                    branch.atMost(host.controlTimeout()),
                    () -> connection.xaResource().end(xid, TMSUCCESS));
        } catch (XAException | SQLException e) {
            Answer answer = Answer.of(connection, e);
            if (answer.kind() != Answer.Kind.LOST) {
                throw undo(xid, connection, answer);
            }
            host.lost(connection, answer.cause());
            sessions.end(connection);
            branch.finishRolledBack();
            throw Verdict.CONNECTION_LOST.of(xid, "The connection was lost before " + what, answer.cause());
        }
        return connection;
    }

    /**
     * The server answered END or PREPARE with an error. If it does not have the branch any more, the
     * application may have committed it by itself.
     */
    private XAException undo(Xid xid, PhysicalConnection connection, Answer answer) {
        boolean certain =
                answer.kind() != Answer.Kind.REFUSED || connection.database().wasInterrupted(answer.cause());
        boolean rolledBack = unprepared.rollback(xid, connection);
        if (certain || rolledBack) {
            branch.finishRolledBack();
            return Verdict.ROLLED_BACK.of(xid, "The server refused, and the branch was rolled back", answer.cause());
        }
        branch.finish();
        return Verdict.UNKNOWN.of(
                xid, "The server refused, and would not say what became of the branch", answer.cause());
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        if (branch.wasRolledBack(xid)) {
            return;
        }
        if (!branch.is(xid)) {
            prepared.rollback(xid);
        } else if (branch.move(COMPLETING, ACTIVE, ENDED)) {
            rollbackUnprepared(xid);
        } else if (branch.move(COMPLETING, PREPARED, IN_DOUBT)) {
            rollbackPrepared(xid);
        } else {
            throw Verdict.PROTOCOL.of(xid, "ROLLBACK of a branch that is " + branch.state(), null);
        }
    }

    /**
     * If another thread rolls back than the one that started the branch (the reaper of the transaction manager, after
     * its timeout), the application may be inside any call of the driver: the session is cut, not asked.
     */
    private void rollbackUnprepared(Xid xid) throws XAException {
        PhysicalConnection connection = host.physical();
        if (branch.abandon()) {
            host.sever(connection, new SQLException("The transaction was rolled back while it was in use", "40000"));
        }
        if (!connection.isLost()) {
            unprepared.end(xid, connection);
        }
        unprepared.rollback(xid, connection);
        SQLException mixed = branch.mixed();
        if (mixed != null) {
            branch.finish();
            throw Verdict.MIXED.of(xid, "A part of the branch may have been committed", mixed);
        }
        branch.finishRolledBack();
    }

    private void rollbackPrepared(Xid xid) throws XAException {
        PhysicalConnection connection = host.physical();
        try {
            if (!connection.isLost()) {
                prepared.rollbackOn(connection, xid);
            } else if (sessions.attempt(prepared.rollbackElsewhere(xid), connection) != Outcome.ROLLED_BACK) {
                throw Verdict.LATER.of(xid, "The branch may still be prepared", connection.loss());
            }
            branch.finishRolledBack();
        } catch (XAException e) {
            branch.move(IN_DOUBT, COMPLETING);
            host.sever(connection, new SQLException("A prepared branch was left to recovery", "08006", e));
            throw e;
        }
    }

    /** Nothing is kept of an outcome that was reported, and nothing that is undecided may be touched. */
    @Override
    public void forget(Xid xid) {}

    @Override
    public Xid[] recover(int flags) throws XAException {
        return (flags & TMSTARTRSCAN) == 0 ? new Xid[0] : prepared.list();
    }

    /** Two connections never do the work of one branch. */
    @Override
    public boolean isSameRM(@Nullable XAResource other) {
        return this == other;
    }

    @Override
    public int getTransactionTimeout() {
        return timeoutSeconds;
    }

    /**
     * From the next START on, a branch has so much time: what it cannot do without does not wait for an answer for longer.
     * Nobody is told that it is over but by the transaction manager, whose rollback cuts the session; and what completes
     * the branch is never cut short by it, since its outcome would have to be looked for.
     */
    @Override
    public boolean setTransactionTimeout(int seconds) {
        timeoutSeconds = Math.max(0, seconds);
        return seconds >= 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Database;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Unrepeatable;
import dev.reprise.fault.Fault;
import dev.reprise.jdbc.ConnectionHandle;
import dev.reprise.jdbc.SessionState;
import dev.reprise.replay.Differs;
import dev.reprise.replay.Recording;
import dev.reprise.replay.Recordings;
import dev.reprise.xa.Branch;
import dev.reprise.xa.LostSessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * Runs a transaction again whose connection is lost before it was prepared or committed. Its session is ended first, and
 * with it all that it has done; then all is done again on another one, and if the application would have seen the same,
 * it goes on with that one: it is as if it had begun later. Otherwise the transaction is rolled back. One that the server
 * has undone in favour of another is run again on the same connection. Used by the thread that works in the transaction.
 */
final class Replay {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** A transaction that gives way more often than this within itself is left to whoever retries it. */
    private static final int MOST_CONFLICTS = 3;

    private final PhysicalHolder host;
    private final Branch branch;
    private final SessionState session;
    private final Enlistment enlistment;
    private final LostSessions sessions;
    private final Recordings recordings;
    private int recorded;
    private int conflicts;

    Replay(PhysicalHolder host, Branch branch, SessionState session, Enlistment enlistment) {
        this.host = host;
        this.branch = branch;
        this.session = session;
        this.enlistment = enlistment;
        this.sessions = new LostSessions(host);
        this.recordings =
                new Recordings(host.replaying().maxCalls(), host.replaying().maxBytes());
        branch.whenFinished(recordings::end);
    }

    /** Null outside a transaction. */
    @Nullable Recording recording() {
        if (branch.state() != Branch.State.ACTIVE) {
            return null;
        }
        if (recorded != branch.number()) {
            recorded = branch.number();
            begin();
        }
        return recordings.current();
    }

    private void begin() {
        conflicts = 0;
        Recording begun = recordings.begin();
        host.peculiarity().ifPresent(why -> begun.taint("the session is not as a new one: " + why));
        if (session.isChanged()) {
            begun.taint("the session was changed before the transaction");
        }
    }

    void sees(String sql) {
        Optional<Unrepeatable> why = host.reasonAgainstRepeating(sql);
        if (why.isPresent()) {
            Recording current = recording();
            String reason = why.get().reason();
            if (why.get().lasting()) {
                host.peculiar(reason);
            }
            if (current != null) {
                current.taint(reason);
            }
        }
    }

    void unwrapped() {
        Recording current = recording();
        host.peculiar("an object of the driver was unwrapped");
        if (current != null) {
            current.taint("an object of the driver was unwrapped");
        }
    }

    boolean makesGood(SQLException e) throws SQLException {
        Recording current = recording();
        PhysicalConnection used = host.physical();
        if (current == null || branch.undone() != null || branch.abandoned() || used.roleChanged(e)) {
            return false;
        }
        return switch (used.fault(e)) {
            case STATEMENT -> false;
            case TRANSACTION -> used.database().gaveWay(e) && makesConflictGood(current, e);
            case CONNECTION -> {
                host.lost(used, e);
                makeLossGood(current, e);
                yield true;
            }
        };
    }

    private void makeLossGood(Recording current, SQLException e) throws SQLException {
        Optional<String> failure = replay(current, false);
        if (failure.isPresent()) {
            LOG.notReplayed(failure.get(), host.replayCounts().notReplayed(failure.get()));
            var told = new SQLTransactionRollbackException(
                    "The connection was lost, the transaction is rolled back and can be repeated; it was not run again"
                            + " by itself: " + failure.get(),
                    "40001",
                    e);
            branch.undo(told);
            throw told;
        }
    }

    /** If not, the application is told what the database has said: it asks for the same. */
    private boolean makesConflictGood(Recording current, SQLException e) {
        conflicts++;
        if (!current.goesOn() || session.isChanged() || conflicts > MOST_CONFLICTS) {
            return false;
        }
        Optional<String> failure = replay(current, true);
        failure.ifPresent(why -> {
            branch.undo(e);
            LOG.notReplayedAfterConflict(why, host.replayCounts().notReplayed(why));
        });
        return failure.isEmpty();
    }

    private Optional<String> replay(Recording transaction, boolean conflict) {
        branch.enter();
        try {
            return tryUntilItIsDone(transaction, conflict);
        } finally {
            branch.exit();
        }
    }

    /** @return why not; empty if all is as it was */
    private Optional<String> tryUntilItIsDone(Recording transaction, boolean conflict) {
        Optional<String> forbidden = enlistment.noReplay();
        if (forbidden.isPresent()) {
            return Optional.of("the application forbids it: " + forbidden.get());
        }
        long began = System.nanoTime();
        Duration limit = branch.atMost(host.replaying().timeout());
        Duration pause = FIRST_PAUSE;
        while (transaction.taint().isEmpty()) {
            Duration left = limit.minusNanos(System.nanoTime() - began);
            if (left.isNegative()) {
                return Optional.of("there was no time left: " + limit.toMillis() + " ms were allowed");
            }
            try {
                replay(transaction, left);
                long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
                long soFar = host.replayCounts().replayed();
                if (conflict) {
                    LOG.replayedAfterConflict(transaction.calls(), millis, soFar);
                } else {
                    LOG.replayed(transaction.calls(), millis, soFar);
                }
                return Optional.empty();
            } catch (Differs e) {
                return Optional.of(e.reason());
            } catch (SQLException e) {
                Database database = host.physical().database();
                if (!database.gaveWay(e) && !database.isPassing(e)) { // which are no failures
                    LOG.secondary("running a transaction again", e);
                }
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        return transaction.taint();
    }

    private void replay(Recording transaction, Duration left) throws SQLException, Differs {
        refuseUnlessActive();
        PhysicalConnection first = host.physical();
        boolean stays = !first.isLost();
        if (!stays) {
            move(first, left);
        }
        PhysicalConnection fresh = host.physical();
        try {
            refuseUnlessActive();
            if (stays) {
                rollBack(fresh);
            }
            start(fresh);
            refuseIfNotUndone(fresh);
            again(transaction, fresh, left, stays);
            refuseUnlessActive();
        } catch (SQLException e) {
            if (fresh.fault(e) != Fault.TRANSACTION) {
                host.sever(fresh, e);
            }
            throw e;
        }
    }

    private void rollBack(PhysicalConnection connection) throws SQLException {
        connection.<@Nullable Void, SQLException>bounded(branch.atMost(host.controlTimeout()), () -> {
            try {
                connection.rollback(branch.xid());
            } catch (XAException e) {
                throw new SQLException("The branch could not be rolled back: " + e.errorCode, "08006", e);
            }
            return null;
        });
    }

    private void move(PhysicalConnection lost, Duration left) throws SQLException, Differs {
        PhysicalConnection fresh = host.another();
        boolean taken = false;
        try {
            refuseUnlessGone(fresh, lost, left);
            host.take(fresh);
            taken = true;
        } finally {
            if (!taken) {
                host.release(fresh);
            }
        }
    }

    /** No answer is waited for any longer, unless the application has set a limit of its own in the transaction. */
    private static void again(Recording transaction, PhysicalConnection fresh, Duration left, boolean stays)
            throws SQLException, Differs {
        Connection connection = fresh.connection();
        int found = connection.getNetworkTimeout();
        int ours = (int) Math.max(1_000, left.toMillis());
        connection.setNetworkTimeout(Runnable::run, ours);
        var conditions = new Recording.Conditions() {
            @Override
            public void begin() throws SQLException {
                if (fresh.hasToBegin()) {
                    fresh.begin(left);
                }
            }

            @Override
            public void pin(long key) throws SQLException {
                fresh.database().pinGeneratedKey(connection, key);
            }

            @Override
            public boolean isLoss(SQLException e) {
                return fresh.fault(e) != Fault.STATEMENT;
            }

            @Override
            public boolean isPassing(SQLException e) {
                return fresh.database().isPassing(e);
            }
        };
        try {
            transaction.again(connection, ConnectionHandle.ROWS, conditions, stays);
        } finally {
            if (!connection.isClosed() && connection.getNetworkTimeout() == ours) {
                connection.setNetworkTimeout(Runnable::run, found);
            }
        }
    }

    private void refuseUnlessGone(PhysicalConnection fresh, PhysicalConnection lost, Duration left)
            throws SQLException, Differs {
        Duration patience = left.compareTo(host.controlTimeout()) < 0 ? left : host.controlTimeout();
        if (!fresh.session().continues(lost.session()) || fresh.session().readOnly()) {
            throw new Differs("another server, or another state of its data, was reached");
        }
        if (!sessions.end(fresh, lost, patience)) {
            throw new SQLException("It is not certain that the lost session has ended", "08006");
        }
    }

    private static void refuseIfNotUndone(PhysicalConnection connection) throws SQLException, Differs {
        Optional<String> notUndone = connection.database().notUndone(connection.connection());
        if (notUndone.isPresent()) {
            throw new Differs(notUndone.get());
        }
    }

    private void refuseUnlessActive() throws Differs {
        if (branch.state() != Branch.State.ACTIVE || branch.abandoned() || branch.undone() != null || host.isClosed()) {
            throw new Differs("the transaction was rolled back, or its connection was aborted, meanwhile");
        }
    }

    private void start(PhysicalConnection fresh) throws SQLException {
        Xid xid = branch.xid();
        fresh.<@Nullable Void, SQLException>bounded(branch.atMost(host.controlTimeout()), () -> {
            if (xid == null) {
                fresh.connection().setAutoCommit(false);
            } else {
                start(xid, fresh);
            }
            return null;
        });
        if (xid == null) {
            host.local();
        }
    }

    private static void start(Xid xid, PhysicalConnection fresh) throws SQLException {
        try {
            fresh.xaResource().start(xid, XAResource.TMNOFLAGS);
        } catch (XAException e) {
            throw new SQLException("The branch could not be started again: " + e.errorCode, "08006", e);
        }
    }
}

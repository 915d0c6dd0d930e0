// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.Commit;
import dev.reprise.database.Outcome;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Search;
import dev.reprise.database.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.transaction.xa.XAException;

/**
 * Ends sessions whose connection is lost, and finds out what became of their last call: first the one, then the other,
 * over connections that are made for the errand. Thread-safe.
 */
public final class LostSessions {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final BranchHost host;

    public LostSessions(BranchHost host) {
        this.host = host;
    }

    /** What is done over a connection that is made for it. */
    @FunctionalInterface
    interface Errand<T> {
        T run(PhysicalConnection control) throws SQLException, XAException;
    }

    /** @throws SQLException also if there is no connection to be had */
    private <T> T send(PhysicalConnection control, Errand<T> errand) throws SQLException, XAException {
        try {
            return errand.run(control);
        } finally {
            host.release(control);
        }
    }

    /** Ends it as far as that is possible now; what it had not prepared can then only be undone. */
    public void end(PhysicalConnection lost) {
        try {
            send(host.control(lost), control -> end(control, lost, host.controlTimeout()));
        } catch (SQLException | XAException e) {
            host.secondary("ending the session of a lost connection", e);
        }
    }

    /** @return whether the session of the lost connection is gone for certain */
    boolean end(PhysicalConnection control, PhysicalConnection lost) throws SQLException {
        return end(control, lost, host.controlTimeout());
    }

    /**
     * @param patience how long it may take
     * @return whether the session of the lost connection is gone for certain, and its work undone
     */
    public boolean end(PhysicalConnection control, PhysicalConnection lost, Duration patience) throws SQLException {
        return control.<Boolean, SQLException>bounded(
                patience.plusSeconds(1),
                () -> (lost.database().fence(control.connection(), control.session(), lost.session(), patience)
                                && !mayHaveSuccessor(control.session(), lost.session()))
                        || (host.failoverIsFenced()
                                && !control.session()
                                        .server()
                                        .equals(lost.session().server())
                                && lost.database().hasTakenOver(control.connection())));
    }

    /** A former primary that was started again may lack what its successor has got of it (semi-synchronous, measured). */
    private static boolean mayHaveSuccessor(Session now, Session then) {
        return now.readOnly() && !now.sameRun(then);
    }

    /**
     * What became of a commit that failed on this connection. It is asked for as long as the commit guard may take, and
     * whoever waits for an answer is not kept longer.
     *
     * @param answered whether the server refused it; otherwise its reply was lost
     */
    public Outcome outcome(Commit commit, PhysicalConnection own, boolean answered) {
        if (answered) {
            try {
                return own.bounded(host.controlTimeout(), commit::settle);
            } catch (SQLException | XAException e) {
                host.secondary("ending a transaction that was refused", e);
                host.sever(own, new SQLException("The server refused to commit, and to roll back", "08006", e));
            }
        }
        return outcome(commit, own);
    }

    /** The same where the reply was lost, or of anything else that may have happened to the session. */
    Outcome outcome(Search search, PhysicalConnection lost) {
        Deadline deadline = Deadline.in(host.guardTimeout());
        Duration pause = FIRST_PAUSE;
        while (true) {
            Outcome outcome = attempt(search, lost, patience(deadline));
            if (outcome != Outcome.UNKNOWN || search.isHopeless() || deadline.hasPassed()) {
                return outcome;
            }
            LockSupport.parkNanos(deadline.atMost(pause).toNanos());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    /** A last attempt is not cut so short that it cannot succeed. */
    private Duration patience(Deadline deadline) {
        Duration left = deadline.atMost(host.controlTimeout());
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /** One attempt. */
    public Outcome attempt(Search search, PhysicalConnection lost) {
        return attempt(search, lost, host.controlTimeout());
    }

    private Outcome attempt(Search search, PhysicalConnection lost, Duration patience) {
        try {
            PhysicalConnection first = host.control(lost);
            Outcome outcome = ask(first, search, lost, patience);
            return outcome == Outcome.UNKNOWN && first.session().readOnly()
                    ? ask(host.control(), search, lost, patience)
                    : outcome;
        } catch (SQLException e) {
            host.secondary("finding out what became of a commit", e);
            return Outcome.UNKNOWN;
        }
    }

    private Outcome ask(PhysicalConnection asked, Search search, PhysicalConnection lost, Duration patience) {
        try {
            return send(asked, control -> {
                boolean ended = end(control, lost, patience);
                return control.bounded(patience, () -> search.find(control, ended));
            });
        } catch (SQLException | XAException e) {
            host.secondary("finding out what became of a commit", e);
            return Outcome.UNKNOWN;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.Xids;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * The work of one XA branch, or of one local transaction, on a managed connection; and the gate that the application's
 * calls pass. Thread-safe: the transaction manager's reaper ends a branch while the application is inside a statement.
 *
 * <p>The gate holds by order: a call is counted before it looks at the state, and whoever completes the branch changes
 * the state before it looks at the count. One of the two sees the other.
 */
public final class Branch {

    /** Where the branch is. */
    public enum State {
        /** No transaction: calls are auto-committed. */
        NONE,
        /** The application works in it. */
        ACTIVE,
        /** The transaction manager has ended the association; it may be resumed. The server is told on completion. */
        ENDED,
        /** It is being prepared, committed or rolled back. */
        COMPLETING,
        /** The server has promised to commit it. */
        PREPARED,
        /** The reply of a prepare was lost: prepared or rolled back. */
        IN_DOUBT
    }

    /** However little time a transaction has left: a server that lives answers within it. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile State state = State.NONE;
    private volatile @Nullable SQLException undone;
    private volatile boolean abandoned;
    private volatile boolean used;
    private volatile boolean escaped;
    private volatile boolean open;
    private volatile @Nullable SQLException mixed;
    private volatile @Nullable Deadline deadline;
    private volatile int number;
    private @Nullable Xid xid;
    private @Nullable Xid rolledBack;
    private @Nullable Thread starter;
    private volatile Runnable whenFinished = () -> {};

    public State state() {
        return state;
    }

    /** Why it can only be rolled back; null while it can be committed. */
    public @Nullable SQLException undone() {
        return undone;
    }

    /** From now on it can only be rolled back. The first reason stays. */
    public synchronized void undo(SQLException reason) {
        if (undone == null && state != State.NONE) {
            undone = reason;
        }
    }

    /** Whether the branch was rolled back behind the application's back: its handles are of no more use. */
    public boolean abandoned() {
        return abandoned;
    }

    /** The application has got at the driver, and may have written. */
    public void use() {
        if (!used) {
            used = true;
        }
    }

    /** The application has got an object of the driver itself, and may use it at any time without being seen. */
    public void escape() {
        escaped = true;
    }

    /** False only if it is certain that nothing was written: unknown is written. */
    public boolean mayHaveWritten() {
        return used || escaped;
    }

    /**
     * What the server's last answer said of its session. If it was in a transaction and is not any more, a statement of
     * the application has ended it: what came before is committed, most likely, and what comes after is not part of it.
     */
    public void seen(boolean inTransaction) {
        if (inTransaction) {
            open = true;
        } else if (open && state == State.ACTIVE && undone == null) {
            var reason = new SQLException(
                    "A statement has ended the transaction by itself, as DDL does, and maybe committed a part of it",
                    "25000");
            mixed = reason;
            undo(reason);
        }
    }

    /** Why nobody can say any more that all of it is committed or rolled back; null if that can be said. */
    public @Nullable SQLException mixed() {
        return mixed;
    }

    public void enter() {
        inFlight.incrementAndGet();
    }

    public void exit() {
        inFlight.decrementAndGet();
    }

    public boolean inFlight() {
        return inFlight.get() > 0;
    }

    /** @return false if another branch is still open on this connection */
    public synchronized boolean begin(@Nullable Xid newXid) {
        if (state != State.NONE) {
            return false;
        }
        xid = newXid;
        number++;
        if (newXid != null && wasRolledBack(newXid)) {
            rolledBack = null;
        }
        starter = Thread.currentThread();
        undone = null;
        deadline = null;
        used = false;
        open = false;
        mixed = null;
        state = State.ACTIVE;
        return true;
    }

    /** Another one for each transaction; zero before the first. */
    public int number() {
        return number;
    }

    /** Null in a local transaction, and in none. */
    public synchronized @Nullable Xid xid() {
        return xid;
    }

    /** The transaction manager will roll it back when this time is over. */
    public void endsWithin(Duration time) {
        deadline = Deadline.in(time);
    }

    /** How much time it has left; empty if nobody has set it a limit, or it is over. */
    public Optional<Duration> timeLeft() {
        Deadline current = deadline;
        return current == null ? Optional.empty() : Optional.of(current.left());
    }

    /** How long a call may wait that the branch cannot do without: not for longer than it has time, or hardly. */
    public Duration atMost(Duration wait) {
        Duration left = timeLeft().orElse(wait);
        Duration patience = left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
        return wait.compareTo(patience) < 0 ? wait : patience;
    }

    /** Back to where calls are auto-committed; handles stay usable if this is what the application expects. */
    public synchronized void finish() {
        whenFinished.run();
        state = State.NONE;
        xid = null;
        starter = null;
        undone = null;
        deadline = null;
    }

    /** Any thread may come with it. */
    public void whenFinished(Runnable action) {
        whenFinished = action;
    }

    /** As {@link #finish}, and {@link #wasRolledBack} from now on. */
    synchronized void finishRolledBack() {
        rolledBack = xid;
        finish();
    }

    synchronized boolean wasRolledBack(Xid other) {
        return rolledBack != null && Xids.same(rolledBack, other);
    }

    /** Ready for another use of the connection. */
    public synchronized void reset() {
        finish();
        abandoned = false;
        escaped = false;
    }

    /** Whether an XA branch is open; false in a local transaction, and in none. */
    public synchronized boolean isXa() {
        return xid != null;
    }

    synchronized boolean is(@Nullable Xid other) {
        return xid != null && other != null && Xids.same(xid, other);
    }

    /** Whether it is rolled back while a call is in flight, or by a thread other than its own, whose doings nobody knows. */
    public synchronized boolean abandon() {
        return abandonIf(inFlight() || !Thread.currentThread().equals(starter));
    }

    /** Whether it is completed while a call is in flight: whose failure is then this transaction's, whenever it comes. */
    public synchronized boolean abandonIfInFlight() {
        return abandonIf(inFlight());
    }

    private boolean abandonIf(boolean condition) {
        if (condition) {
            abandoned = true;
        }
        return condition;
    }

    /** @return whether the state was one of those, and so is now {@code to} */
    synchronized boolean move(State to, State... from) {
        for (State allowed : from) {
            if (state == allowed) {
                state = to;
                return true;
            }
        }
        return false;
    }

    /** As {@link #move}, for a local transaction. */
    public synchronized boolean complete() {
        return xid == null && move(State.COMPLETING, State.ACTIVE);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.Fault;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * One session on a server: the driver's objects, and what the server said of it. Lives until it is lost or closed.
 * Thread-safe in what is its own; the driver's objects are used by one thread at a time.
 */
public final class PhysicalConnection {

    /** A call of the driver. */
    @FunctionalInterface
    public interface Call<T extends @Nullable Object, E extends Exception> {
        T run() throws E, SQLException;
    }

    private final Database database;
    private final XAConnection driverConnection;
    private final Connection connection;
    private final XAResource xaResource;
    private final Session session;
    private final int generation;
    private final Optional<OwnedSocket> socket;
    private final long openedAt = System.nanoTime();
    private volatile long answeredAt = openedAt;
    private final AtomicReference<@Nullable SQLException> loss = new AtomicReference<>();
    private @Nullable SessionReset reset;
    private CommitGuard guard;
    private @Nullable Slot slot;
    private boolean released;
    private long commits;

    PhysicalConnection(
            Database database,
            XAConnection driverConnection,
            Connection connection,
            Session session,
            int generation,
            Optional<OwnedSocket> socket)
            throws SQLException {
        this.database = database;
        this.driverConnection = driverConnection;
        this.connection = connection;
        this.xaResource = database.branches(driverConnection, connection);
        this.guard = database.guards().get(0);
        this.session = session;
        this.generation = generation;
        this.socket = socket;
    }

    public Database database() {
        return database;
    }

    public Connection connection() {
        return connection;
    }

    public XAResource xaResource() {
        return xaResource;
    }

    public Session session() {
        return session;
    }

    public int generation() {
        return generation;
    }

    /** As it is now, that is how {@link #reset} leaves it; to be called before its first reset. */
    public void keepAsItIs() throws SQLException {
        reset = database.reset(connection, session);
    }

    /**
     * Has the server undo all that was done to the session since {@link #keepAsItIs}; in no transaction.
     *
     * @throws SQLException if it is of no more use
     */
    public void reset() throws SQLException {
        if (reset == null) {
            throw new SQLException("Nobody knows how the session was", "HY000");
        }
        reset.run(connection);
    }

    /** Its commits are guarded thus from now on; with the ledger only after {@link #claim}. */
    public synchronized void guardBy(CommitGuard newGuard) {
        guard = newGuard;
    }

    /**
     * Takes a slot of the ledger, which guards its commits from now on. To be called in no transaction.
     *
     * @throws SQLException also if the ledger cannot be used; the connection is as good as before then
     */
    public void claim(Ledger ledger) throws SQLException {
        Slot claimed = ledger.claim(connection, session);
        giveBack(claimed);
    }

    synchronized void giveBack(Slot taken) {
        if (released) {
            taken.ledger().free(taken);
        } else {
            slot = taken;
        }
    }

    private synchronized @Nullable Slot takeSlot() {
        Slot taken = slot;
        slot = null;
        return taken;
    }

    /** Whether it can be found out what became of a local transaction whose COMMIT was lost. */
    public synchronized boolean guardsLocalCommits() {
        return slot != null || guard == CommitGuard.NATIVE;
    }

    /** The session is of no more use, and its slot can be given to another; one that a commit still needs follows later. */
    public synchronized void release() {
        released = true;
        Slot held = takeSlot();
        if (held != null) {
            held.ledger().free(held);
        }
    }

    /**
     * @param xid null for a local transaction
     * @param wrote false if it is certain that the transaction has written nothing
     */
    public Commit newCommit(@Nullable Xid xid, boolean wrote) {
        if (!wrote) {
            return new PlainCommit(this, xid, false);
        }
        Slot taken = takeSlot();
        return taken == null
                ? database.commit(this, xid, guard)
                : new LedgerCommit(this, taken, xid == null ? localName() : Xids.text(xid), xid);
    }

    private synchronized String localName() {
        commits++;
        return "local " + commits;
    }

    /** The ledger could not be used for this one; from now on it is not. */
    Commit commitWithoutLedger(@Nullable Xid xid, SQLException reason) {
        return database.isReadOnlyTransaction(reason)
                ? new PlainCommit(this, xid, false)
                : database.commit(this, xid, guard);
    }

    /** Whether the server lists the branch as prepared. */
    boolean lists(Xid xid) throws SQLException, XAException {
        return database.prepared(connection, xaResource).stream().anyMatch(each -> Xids.same(each, xid));
    }

    /**
     * Rolls back what was not prepared.
     *
     * @return false if the server does not have it any more
     */
    public boolean rollback(@Nullable Xid xid) throws SQLException, XAException {
        if (xid == null) {
            connection.rollback();
            return true;
        }
        try {
            xaResource.rollback(xid);
            return true;
        } catch (XAException e) {
            if (e.errorCode == XAException.XAER_NOTA) {
                return false;
            }
            if (e.errorCode >= XAException.XA_RBBASE && e.errorCode <= XAException.XA_RBEND) {
                return true;
            }
            throw e;
        }
    }

    /** Why the session is known to be lost; null while it is not. */
    public @Nullable SQLException loss() {
        return loss.get();
    }

    public boolean isLost() {
        return loss.get() != null;
    }

    /** Remembers the first reason. */
    public boolean lose(SQLException reason) {
        return loss.compareAndSet(null, reason);
    }

    /**
     * What a failed call says has been lost. On a session that was cut meanwhile it says nothing else, whatever its words:
     * the driver may have refused it by itself. Asks the driver, never the server: a ping inside a transaction may swallow
     * its abort.
     */
    public Fault fault(SQLException e) {
        if (isLost() || closedByDriver() || roleChanged(e)) {
            return Fault.CONNECTION;
        }
        return database.faults().classify(e).orElse(Fault.STATEMENT);
    }

    /** Whether this says that the server takes no more writes; where it took none before, that is nothing new. */
    public boolean becameReadOnly(SQLException e) {
        return !session.readOnly() && database.becameReadOnly(e);
    }

    /** Whether this says that the server has another role than when the session was opened. */
    public boolean roleChanged(SQLException e) {
        return e instanceof ChangedRole || becameReadOnly(e);
    }

    /** As {@link #roleChanged}, from what the driver has heard; the server is not asked, and has to be. */
    public boolean heardOfAnotherRole() {
        return database.heardOfAnotherRole(connection, session);
    }

    private boolean closedByDriver() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /**
     * Runs a call of which no read may wait for longer than this. Its result stands even if the connection turns out to
     * be lost afterwards.
     *
     * @throws SQLException also if the driver fails with a RuntimeException, which a transaction manager would misread
     */
    public <T extends @Nullable Object, E extends Exception> T bounded(Duration timeout, Call<T, E> call)
            throws E, SQLException {
        int before = limit(timeout);
        try {
            return call.run();
        } catch (RuntimeException e) {
            throw new SQLException("The driver failed: " + e, e);
        } finally {
            setNetworkTimeout(before);
        }
    }

    /** Whether the server is to {@link #begin} a transaction before the next statement. No request, and no allocation. */
    public boolean hasToBegin() throws SQLException {
        return database.hasToBegin(connection);
    }

    /** See {@link Database#begin}. */
    public void begin(Duration timeout) throws SQLException {
        this.<@Nullable Void, SQLException>bounded(timeout, () -> {
            database.begin(connection);
            return null;
        });
    }

    /** @return the limit that there was */
    private int limit(Duration timeout) throws SQLException {
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
            return before;
        } catch (RuntimeException e) {
            throw new SQLException("The driver failed: " + e, e);
        }
    }

    private void setNetworkTimeout(int millis) {
        try {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, millis);
            }
        } catch (SQLException e) {
            lose(e);
        } catch (RuntimeException e) {
            lose(new SQLException("The driver failed: " + e, e));
        }
    }

    /** To be asked while nobody uses it. */
    public Liveness liveness() {
        return socket.map(OwnedSocket::liveness).orElse(Liveness.UNSEEN);
    }

    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - openedAt);
    }

    /** To be told by whoever asks it otherwise than by a ping. */
    public void answered() {
        answeredAt = System.nanoTime();
    }

    /** When the server has answered last, by {@link System#nanoTime}; on a foreign socket only what is said to have been one counts. */
    public long answeredAt() {
        return socket.map(OwnedSocket::heardAt).orElse(answeredAt);
    }

    /** Whether the server has not answered for longer than this. */
    public boolean isSilentFor(Duration time) {
        return System.nanoTime() - answeredAt() > time.toNanos();
    }

    /** @throws ChangedRole if the server answers, but is not what it was when the session was opened */
    public void ping(Duration timeout) throws SQLException {
        boolean readOnly = this.<Boolean, SQLException>bounded(timeout, () -> database.ping(connection, timeout));
        answered();
        if (readOnly != session.readOnly()) {
            throw new ChangedRole(readOnly);
        }
    }

    /**
     * Cuts the session without waiting for any lock of the driver: a call that another thread has under way on it
     * fails. What the server had not committed it undoes when it notices, or when it is fenced.
     */
    public void sever(SQLException reason, Executor background) {
        lose(reason);
        socket.ifPresent(each -> close(each, reason));
        background.execute(() -> close(reason));
    }

    /**
     * Closes a session in the background: the driver may say goodbye to a server that does not answer. It waits for a
     * thread that still reads, without a bound (Connector/J 3.5), so that reading is ended before.
     */
    public void close(Executor background) {
        var reason = new SQLException("closed", "08003");
        if (isLost()) {
            socket.ifPresent(each -> close(each, reason));
        } else {
            socket.ifPresent(each -> endReading(each, reason));
        }
        background.execute(() -> close(reason));
    }

    private static void endReading(Socket socket, SQLException reason) {
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            close(socket, reason); // it is closed already, or cannot be used for anything else
        }
    }

    private void close(SQLException reason) {
        try {
            driverConnection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        } finally {
            socket.ifPresent(each -> close(each, reason));
        }
    }

    /** Nothing is thrown: whoever cuts a session may be the transaction manager. */
    private static void close(Socket socket, SQLException reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}

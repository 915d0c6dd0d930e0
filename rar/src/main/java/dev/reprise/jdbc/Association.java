// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Part;
import dev.reprise.replay.Recording;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Which connection a handle works on: its own; or, if that is not part of the calling thread's transaction, one that is,
 * until that transaction is over. A container enlists what it hands out, and cannot know that an application has kept a
 * handle from before, as a field of a bean. Thread-safe.
 */
final class Association {

    /**
     * A stay with the connection of a transaction.
     *
     * @param home where the handle goes back to
     * @param transaction as the container names it
     * @param number as the connection does
     */
    private record Stay(HandleOwner home, Object transaction, int number) {}

    private final ConnectionHandle handle;
    private final JoinedTransactions transactions;
    private volatile @Nullable HandleOwner owner;
    private volatile @Nullable Stay stay;
    private volatile int count;
    private Part part = Part.NONE;

    Association(ConnectionHandle handle, HandleOwner owner, JoinedTransactions transactions) {
        this.handle = handle;
        this.owner = owner;
        this.transactions = transactions;
    }

    /** Counts the physical connections that the handle has had: what was made by an earlier one is of no more use. */
    int count() {
        return count;
    }

    /**
     * That of what the handle has made.
     *
     * @param madeAt by which of its physical connections, as {@link #count} has it
     */
    synchronized Part part(Recording recording, int madeAt) {
        if (owner == null || madeAt != count) {
            return Part.NONE;
        }
        if (!part.goesOn()) {
            part = recording.part();
        }
        return part;
    }

    /** Whose connection it is; null if the handle is closed. */
    @Nullable HandleOwner owner() {
        return owner;
    }

    /** As {@link #owner}, for a call in the calling thread's transaction. */
    HandleOwner present() throws SQLException {
        HandleOwner current = open(owner);
        Stay now = stay;
        if (now != null) {
            if (current.isIn(now.number)) {
                if (!now.transaction.equals(transactions.current())) {
                    throw new SQLException("The connection works in another transaction at the moment", "25000");
                }
                return current;
            }
            current = open(goHome(now));
        }
        return current.missesTransaction() ? visit(current) : current;
    }

    private static HandleOwner open(@Nullable HandleOwner current) throws SQLException {
        if (current == null) {
            throw new SQLException("The connection is closed", "08003");
        }
        return current;
    }

    private HandleOwner visit(HandleOwner home) throws SQLException {
        Object transaction = transactions.current();
        if (home.session().isChanged()) {
            throw new SQLException(
                    "The connection is not part of the current transaction, and cannot become it, since the application"
                            + " has changed its session",
                    "25000");
        }
        ConnectionHandle other = connect();
        try {
            HandleOwner host = open(other.current());
            int number = host.transaction();
            if (transaction == null || !host.isIn(number)) {
                return home; // which refuses
            }
            handle.closeLeftOpen().failures().forEach(failure -> home.failed(failure, false));
            go(new Stay(home, transaction, number), host);
            return host;
        } finally {
            other.close();
        }
    }

    /** The server may have no room: that is no reason not to try again. */
    private ConnectionHandle connect() throws SQLException {
        try {
            return transactions.connect();
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("08")) {
                throw e;
            }
            throw new SQLException(
                    "The connection is not part of the current transaction, and cannot become it: " + e.getMessage(),
                    "25000",
                    e);
        }
    }

    private synchronized void go(Stay next, HandleOwner host) throws SQLException {
        if (!next.home.equals(owner)) {
            throw new SQLException("The connection was closed", "08003");
        }
        host.receive(handle);
        stay = next;
        associate(host);
    }

    private synchronized @Nullable HandleOwner goHome(Stay over) {
        HandleOwner host = owner;
        if (over.equals(stay) && host != null) {
            host.leave(handle);
            stay = null;
            associate(over.home);
        }
        return owner;
    }

    synchronized void associate(HandleOwner next) {
        count++;
        owner = next;
        part.end();
    }

    /** @return whether the handle was with this owner */
    synchronized boolean invalidate(HandleOwner by) {
        Stay now = stay;
        boolean with = by.equals(owner);
        if (with) {
            count++;
            owner = now == null ? null : now.home;
            stay = null;
        } else if (now != null && by.equals(now.home)) {
            owner = null;
            stay = null;
        }
        part.end();
        return with;
    }

    /** @return its own owner; null if the handle was closed before */
    synchronized @Nullable HandleOwner close() {
        HandleOwner current = owner;
        Stay now = stay;
        owner = null;
        stay = null;
        part.end();
        if (now != null && current != null) {
            current.leave(handle);
            return now.home;
        }
        return current;
    }
}

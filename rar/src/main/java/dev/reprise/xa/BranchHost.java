// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.Outcome;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Search;
import dev.reprise.database.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.transaction.xa.Xid;

/** What a transaction needs of the managed connection that it runs on. Thread-safe. */
public interface BranchHost {

    PhysicalConnection physical();

    /** Puts a new physical connection in the place of a lost one that no transaction had used. */
    PhysicalConnection replace() throws SQLException;

    /** A transaction could not begin: whoever asks for a connection may be told nothing else of it. */
    void notStarted(SQLException reason);

    /** The physical connection is lost, for this reason; it is not used again. */
    void lost(PhysicalConnection connection, SQLException reason);

    /** Cuts the physical connection without waiting for any lock, so that nobody can go on in its session. */
    void sever(PhysicalConnection connection, SQLException reason);

    /** A second connection, to a server of the required role, for one errand; the caller gives it back by {@link #release}. */
    PhysicalConnection control() throws SQLException;

    /** The same, to the server of this one if that can be reached, whatever role it has by now. */
    PhysicalConnection control(PhysicalConnection lost) throws SQLException;

    void release(PhysicalConnection control);

    /** How long a call that controls a transaction may wait for an answer. */
    Duration controlTimeout();

    /** For how long the outcome of a commit whose reply was lost is looked for while its caller waits. */
    Duration guardTimeout();

    /** Whether the operator promises that a server is cut off for good before another one takes its place. */
    boolean failoverIsFenced();

    /** The caller was told that the outcome is unknown; the search for it goes on without him. */
    void searchLater(String transaction, Search search, PhysicalConnection lost);

    /**
     * What was found out after the caller was told that it is unknown: UNKNOWN while the search for a commit goes on, which
     * nobody may anticipate; empty if there is none.
     */
    Optional<Outcome> foundLater(Xid xid);

    /** The branch is prepared, by this connection. */
    void prepared(Xid xid, PhysicalConnection connection);

    /** The branch is neither prepared nor in doubt any more. */
    void completed(Xid xid);

    /** Whether a living connection of this application server has prepared the branch, and is about to complete it. */
    boolean isInGoodHands(Xid xid);

    /** Whether the server of this session would have the branch if it were prepared. */
    boolean wouldHave(Xid xid, Session session);

    /** A second failure that nobody is told about otherwise: it goes to the log. */
    void secondary(String attempt, Exception failure);
}

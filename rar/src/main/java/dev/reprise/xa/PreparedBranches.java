// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.Outcome;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Search;
import dev.reprise.database.Xids;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to branches that are prepared, or may be: by the connection that prepared them, or by any other in
 * recovery. Nothing here says that a branch is gone unless the server does.
 */
final class PreparedBranches {

    private final BranchHost host;
    private final Branch own;
    private final ControlCalls calls;

    /** @param own the branch of the connection itself: while it is open, nothing is put in the connection's place */
    PreparedBranches(BranchHost host, Branch own) {
        this.host = host;
        this.own = own;
        this.calls = new ControlCalls(host);
    }

    void commit(Xid xid) throws XAException {
        Optional<Outcome> found = found(xid);
        if (found.isEmpty()) {
            commitOn(living(xid), xid);
        } else if (found.get() == Outcome.ROLLED_BACK) {
            throw Verdict.ROLLED_BACK_ALONE.of(xid, "The branch was rolled back, as was found out later", null);
        }
    }

    private Optional<Outcome> found(Xid xid) throws XAException {
        Optional<Outcome> found = host.foundLater(xid);
        if (found.filter(Outcome.UNKNOWN::equals).isPresent()) {
            throw Verdict.LATER.of(xid, "It is still being found out what became of the branch", null);
        }
        return found;
    }

    void commitOn(PhysicalConnection connection, Xid xid) throws XAException {
        try {
            finish(connection, xid, () -> connection.xaResource().commit(xid, false));
        } catch (XAException | SQLException e) {
            throw undecided(connection, xid, e, "committed");
        }
        host.completed(xid);
    }

    void rollback(Xid xid) throws XAException {
        if (found(xid).filter(Outcome.COMMITTED::equals).isPresent()) {
            throw Verdict.COMMITTED_ALONE.of(xid, "The branch was committed, as was found out later", null);
        }
        rollbackOn(living(xid), xid);
    }

    void rollbackOn(PhysicalConnection connection, Xid xid) throws XAException {
        try {
            finish(connection, xid, () -> connection.xaResource().rollback(xid));
        } catch (XAException | SQLException e) {
            XAException failure = undecided(connection, xid, e, "rolled back");
            if (failure.errorCode != XAException.XA_HEURRB) {
                throw failure;
            }
        }
        host.completed(xid);
    }

    /**
     * A session that has prepared a branch keeps it from all others, even if its application server is gone and only the
     * server does not know. The transaction manager has decided, so that it may be ended.
     */
    private void finish(PhysicalConnection connection, Xid xid, ControlCalls.Call call)
            throws XAException, SQLException {
        try {
            calls.run(connection, call);
        } catch (XAException e) {
            Optional<String> preparer = connection.database().preparer(xid);
            boolean withheld = Answer.of(connection, e).unknownToServer()
                    && preparer.isPresent()
                    && !host.isInGoodHands(xid)
                    && stillListed(connection, xid);
            if (!withheld) {
                throw e;
            }
            connection.<@Nullable Void, SQLException>bounded(
                    host.controlTimeout().plusSeconds(1), () -> {
                        connection
                                .database()
                                .end(connection.connection(), preparer.orElseThrow(), host.controlTimeout());
                        return null;
                    });
            calls.run(connection, call);
        }
    }

    /**
     * Rolls back a branch whose session is lost and that may be prepared, so that its rows are free now and not when
     * recovery comes by.
     */
    Search rollbackElsewhere(Xid xid) {
        return (control, ended) -> {
            boolean gone;
            try {
                calls.run(control, () -> control.xaResource().rollback(xid));
                gone = true;
            } catch (XAException e) {
                Answer answer = Answer.of(control, e);
                gone = answer.kind() == Answer.Kind.ROLLED_BACK
                        || (answer.unknownToServer() && ended && !stillListed(control, xid));
            }
            if (gone) {
                host.completed(xid);
            }
            return gone ? Outcome.ROLLED_BACK : Outcome.UNKNOWN;
        };
    }

    /**
     * Never empty because the server did not answer: a transaction manager takes a branch that is not listed for done.
     * The recovery keeps its connection between scans, so a lost one is replaced.
     */
    Xid[] list() throws XAException {
        try {
            PhysicalConnection connection = living(null);
            try {
                return prepared(connection).toArray(Xid[]::new);
            } catch (XAException | SQLException e) {
                Answer answer = Answer.of(connection, e);
                if (answer.kind() != Answer.Kind.LOST) {
                    throw e;
                }
                host.lost(connection, answer.cause());
                return prepared(living(null)).toArray(Xid[]::new);
            }
        } catch (XAException | SQLException e) {
            var failure = new XAException("The prepared branches could not be listed: " + e.getMessage());
            failure.errorCode = XAException.XAER_RMFAIL;
            failure.initCause(e);
            throw failure;
        }
    }

    /** What a failed second phase leaves: XAER_RMFAIL unless the server knows better. */
    private XAException undecided(PhysicalConnection connection, Xid xid, Exception failure, String what) {
        Answer answer = Answer.of(connection, failure);
        if (answer.kind() == Answer.Kind.LOST) {
            host.lost(connection, answer.cause());
            return Verdict.LATER.of(
                    xid, "The connection was lost before the branch was known to be " + what, answer.cause());
        }
        if (answer.kind() == Answer.Kind.READ_ONLY) {
            host.lost(connection, answer.cause()); // the next attempt goes to the server's successor
        }
        if (answer.kind() == Answer.Kind.ROLLED_BACK) {
            return Verdict.ROLLED_BACK_ALONE.of(xid, "The server has rolled back the prepared branch", answer.cause());
        }
        if (answer.unknownToServer() && host.wouldHave(xid, connection.session()) && !stillListed(connection, xid)) {
            host.completed(xid);
            return Verdict.NOT_THERE.of(xid, "The server has no such branch", answer.cause());
        }
        return Verdict.LATER.of(xid, "The branch could not be " + what + " now", answer.cause());
    }

    /** While the session that prepared a branch lives, MariaDB denies it to others and lists it all the same. */
    private boolean stillListed(PhysicalConnection connection, Xid xid) {
        try {
            return listed(connection, xid);
        } catch (XAException | SQLException e) {
            host.secondary("looking for a branch that the server denies", e);
            return true;
        }
    }

    private boolean listed(PhysicalConnection connection, Xid xid) throws XAException, SQLException {
        return prepared(connection).stream().anyMatch(each -> Xids.same(each, xid));
    }

    /** A standby does not list the branches that its primary has. */
    private List<Xid> prepared(PhysicalConnection connection) throws XAException, SQLException {
        if (connection.session().readOnly()) {
            throw new SQLException("A server that takes no writes is not asked for prepared branches", "25006");
        }
        return connection.<List<Xid>, XAException>bounded(
                host.controlTimeout(),
                () -> connection.database().prepared(connection.connection(), connection.xaResource()));
    }

    private PhysicalConnection living(@Nullable Xid xid) throws XAException {
        PhysicalConnection connection = host.physical();
        if (!connection.isLost()) {
            return connection;
        }
        try {
            if (own.state() != Branch.State.NONE) {
                throw new SQLException("The connection was lost in a branch that is still open", "08003");
            }
            return host.replace();
        } catch (SQLException e) {
            var failure =
                    new XAException("No connection to the server" + (xid == null ? "" : " for " + Xids.text(xid)));
            failure.errorCode = XAException.XAER_RMFAIL;
            failure.initCause(e);
            throw failure;
        }
    }
}

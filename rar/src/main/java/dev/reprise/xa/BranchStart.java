// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** Starts a branch on the server, on another connection if the one at hand is dead. */
final class BranchStart {

    private final BranchHost host;
    private final Branch branch;
    private final LostSessions sessions;
    private final ControlCalls calls;

    BranchStart(BranchHost host, Branch branch, LostSessions sessions) {
        this.host = host;
        this.branch = branch;
        this.sessions = sessions;
        this.calls = new ControlCalls(host);
    }

    /** A connection that is found dead before it has done any work is replaced, once. */
    void start(Xid xid) throws XAException {
        try {
            startOrReplace(xid);
        } catch (XAException e) {
            if (e.getCause() instanceof SQLException reason) {
                host.notStarted(reason);
            }
            throw e;
        }
    }

    private void startOrReplace(Xid xid) throws XAException {
        PhysicalConnection first = host.physical();
        if (first.isLost()) {
            start(xid, replacement(xid, first));
            return;
        }
        try {
            send(xid, first);
        } catch (XAException | SQLException e) {
            Answer answer = Answer.of(first, e);
            if (answer.kind() != Answer.Kind.LOST && answer.kind() != Answer.Kind.READ_ONLY) {
                throw notStarted(xid, answer);
            }
            host.lost(first, answer.cause());
            start(xid, replacement(xid, first));
        }
    }

    private void start(Xid xid, PhysicalConnection connection) throws XAException {
        try {
            send(xid, connection);
        } catch (XAException | SQLException e) {
            Answer answer = Answer.of(connection, e);
            if (answer.kind() == Answer.Kind.LOST) {
                host.lost(connection, answer.cause());
            }
            throw notStarted(xid, answer);
        }
    }

    private void send(Xid xid, PhysicalConnection connection) throws XAException, SQLException {
        calls.run(
                connection,
                branch.atMost(host.controlTimeout()),
                () -> connection.xaResource().start(xid, XAResource.TMNOFLAGS));
    }

    /** The lost session may hold the xid until the server has ended it, so it is ended first. */
    private PhysicalConnection replacement(Xid xid, PhysicalConnection lost) throws XAException {
        try {
            PhysicalConnection fresh = host.replace();
            sessions.end(fresh, lost);
            return fresh;
        } catch (SQLException e) {
            throw Verdict.LATER.of(xid, "The connection was lost before its first use and cannot be replaced", e);
        }
    }

    private static XAException notStarted(Xid xid, Answer answer) {
        Verdict verdict = switch (answer.code()) {
            case XAException.XAER_DUPID -> Verdict.DUPLICATE;
            case XAException.XAER_OUTSIDE -> Verdict.OUTSIDE;
            case XAException.XAER_PROTO -> Verdict.PROTOCOL;
            default -> answer.kind() == Answer.Kind.LOST ? Verdict.LATER : Verdict.NOT_STARTED;
        };
        return verdict.of(
                xid, "The branch could not be started: " + answer.cause().getMessage(), answer.cause());
    }
}

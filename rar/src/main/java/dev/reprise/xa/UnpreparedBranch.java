// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** Undoes on the server a branch that was never prepared, whatever state the connection is in. */
final class UnpreparedBranch {

    private final BranchHost host;
    private final LostSessions sessions;
    private final ControlCalls calls;

    UnpreparedBranch(BranchHost host, LostSessions sessions) {
        this.host = host;
        this.sessions = sessions;
        this.calls = new ControlCalls(host);
    }

    /**
     * Rolls back a branch that was never prepared. It cannot be committed any more when this returns: either the server
     * said so, or its session is cut.
     *
     * @return whether the server still had the branch, and said that it has rolled it back
     */
    boolean rollback(Xid xid, PhysicalConnection connection) {
        if (!connection.isLost()) {
            try {
                calls.run(connection, () -> connection.xaResource().rollback(xid));
                return true;
            } catch (XAException | SQLException e) {
                Answer answer = Answer.of(connection, e);
                if (answer.kind() == Answer.Kind.ROLLED_BACK) {
                    return true;
                }
                host.sever(connection, answer.cause());
            }
        }
        sessions.end(connection);
        return false;
    }

    /** Before a rollback, which says what became of the branch: the server may have undone it already. */
    void end(Xid xid, PhysicalConnection connection) {
        try {
            calls.run(connection, () -> connection.xaResource().end(xid, XAResource.TMSUCCESS));
        } catch (XAException | SQLException e) {
            Answer answer = Answer.of(connection, e);
            if (answer.kind() == Answer.Kind.LOST) {
                host.lost(connection, answer.cause());
            } else if (answer.kind() != Answer.Kind.ROLLED_BACK) {
                host.secondary("END before ROLLBACK", e);
            }
        }
    }
}

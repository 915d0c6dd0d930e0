// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** A branch is prepared and then committed. In between the server lists it, and nobody but us decides on it. */
final class TwoPhaseCommit implements Commit {

    private final PhysicalConnection own;
    private final Xid xid;
    private boolean prepared;
    private @Nullable XAException refusal;

    TwoPhaseCommit(PhysicalConnection own, Xid xid) {
        this.own = own;
        this.xid = xid;
    }

    @Override
    public void run() throws XAException {
        try {
            own.xaResource().prepare(xid);
        } catch (XAException e) {
            refusal = e;
            throw e;
        }
        prepared = true;
        try {
            own.xaResource().commit(xid, false);
        } catch (XAException e) {
            refusal = e;
            throw e;
        }
    }

    /**
     * A branch that is prepared cannot vanish without having been committed. A server that takes no more writes will not
     * commit it, nor roll it back: whoever gives this answer sees to it that it is rolled back in the end.
     */
    @Override
    public Outcome settle() throws SQLException, XAException {
        SQLException answer = refusal != null && refusal.getCause() instanceof SQLException e ? e : null;
        if (!prepared) {
            boolean undone =
                    own.rollback(xid) || (answer != null && own.database().wasInterrupted(answer));
            return undone ? Outcome.ROLLED_BACK : Outcome.UNKNOWN;
        }
        if (answer != null && own.becameReadOnly(answer)) {
            return Outcome.ROLLED_BACK;
        }
        return own.lists(xid) ? commit(own) : Outcome.COMMITTED;
    }

    @Override
    public Outcome find(PhysicalConnection asked, boolean ended) throws SQLException, XAException {
        if (asked.lists(xid)) {
            prepared = true; // so that its absence will mean that this commit has come through, if its reply is lost
            return commit(asked);
        }
        if (!ended) {
            return Outcome.UNKNOWN;
        }
        return prepared ? Outcome.COMMITTED : Outcome.ROLLED_BACK;
    }

    private Outcome commit(PhysicalConnection connection) throws XAException {
        connection.xaResource().commit(xid, false);
        return Outcome.COMMITTED;
    }
}

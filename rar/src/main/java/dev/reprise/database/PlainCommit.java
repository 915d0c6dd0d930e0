// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** Without a guard. If nothing was written, both outcomes are the same. */
final class PlainCommit implements Commit {

    private final PhysicalConnection own;
    private final @Nullable Xid xid;
    private final Outcome lost;

    /** @param xid null for a local transaction */
    PlainCommit(PhysicalConnection own, @Nullable Xid xid, boolean wrote) {
        this.own = own;
        this.xid = xid;
        this.lost = wrote ? Outcome.UNKNOWN : Outcome.ROLLED_BACK;
    }

    @Override
    public void run() throws SQLException, XAException {
        if (xid == null) {
            own.connection().commit();
        } else {
            own.xaResource().commit(xid, true);
        }
    }

    /** MariaDB can be interrupted when it has committed already, and then has nothing to roll back (measured). */
    @Override
    public Outcome settle() throws SQLException, XAException {
        boolean undone = own.rollback(xid);
        boolean certain = xid != null || own.database().statementFailureAbortsTransaction();
        return undone && certain ? Outcome.ROLLED_BACK : lost;
    }

    @Override
    public boolean isHopeless() {
        return lost == Outcome.UNKNOWN;
    }

    @Override
    public Outcome find(PhysicalConnection asked, boolean ended) {
        return ended ? lost : Outcome.UNKNOWN;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.Xids;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** The only codes that leave the adapter, and what the transaction manager makes of each (Narayana 7.3, measured). */
enum Verdict {
    /** Rolled back for certain: {@code RollbackException}. */
    ROLLED_BACK(XAException.XA_RBROLLBACK),
    /** Rolled back for certain, since the connection was lost before the outcome was asked for. */
    CONNECTION_LOST(XAException.XA_RBCOMMFAIL),
    /** One phase: committed or rolled back, nobody knows: {@code HeuristicMixedException}. */
    UNKNOWN(XAException.XA_HEURHAZ),
    /** Prepared, or maybe prepared: prepare rolls all back, the second phase leaves it to recovery. */
    LATER(XAException.XAER_RMFAIL),
    /** A prepared branch that the server says it has rolled back. */
    ROLLED_BACK_ALONE(XAException.XA_HEURRB),
    /** A branch that is known to be committed, whatever was asked for. */
    COMMITTED_ALONE(XAException.XA_HEURCOM),
    /** Prepare: a part of it was committed by the application itself; what has been done cannot be undone. */
    BROKEN(XAException.XAER_RMERR),
    /** Rollback of such a branch. */
    MIXED(XAException.XA_HEURMIX),
    /** The server does not have it, and does not list it as prepared. */
    NOT_THERE(XAException.XAER_NOTA),
    /** No such call now. */
    PROTOCOL(XAException.XAER_PROTO),
    /** No such flags. */
    INVALID(XAException.XAER_INVAL),
    /** The xid is in use. */
    DUPLICATE(XAException.XAER_DUPID),
    /** A branch could not be started. */
    NOT_STARTED(XAException.XAER_RMERR),
    /** The connection has other work: a local transaction was not ended. */
    OUTSIDE(XAException.XAER_OUTSIDE);

    private final int code;

    Verdict(int code) {
        this.code = code;
    }

    /**
     * @param cause what an application finds as the reason. A copy is attached: the application may be throwing the
     *     same exception at this moment, its container adds ours to it, and the two would name each other for ever.
     */
    XAException of(Xid xid, String what, @Nullable SQLException cause) {
        var exception = new XAException(what + " [branch " + Xids.text(xid) + "]");
        exception.errorCode = code;
        if (cause != null) {
            exception.initCause(copy(cause));
        }
        return exception;
    }

    private static SQLException copy(SQLException original) {
        var copy = new SQLException(
                original.getMessage(), original.getSQLState(), original.getErrorCode(), original.getCause());
        copy.setStackTrace(original.getStackTrace());
        return copy;
    }
}

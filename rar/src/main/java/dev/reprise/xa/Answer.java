// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed call of the driver's XAResource means. The driver's code alone does not tell: Connector/J has 0 for all
 * that it does not know, a lost connection first of all, and pgjdbc XAER_RMERR or XAER_RMFAIL for a rollback.
 *
 * @param code the driver's, one of {@link XAException}; not to be passed on unseen
 */
record Answer(int code, Kind kind, SQLException cause) {

    enum Kind {
        /** Nobody knows whether the server got the call. */
        LOST,
        /** The server has undone the branch. */
        ROLLED_BACK,
        /** The server no longer takes writes, so also no commit; the session must go. */
        READ_ONLY,
        /** The server refused, for any other reason. */
        REFUSED
    }

    static Answer of(PhysicalConnection connection, Exception failure) {
        int code = failure instanceof XAException xa ? xa.errorCode : 0;
        SQLException cause = cause(failure);
        return cause == null
                ? new Answer(code, kind(code), new SQLException(failure.toString(), failure))
                : new Answer(code, kind(connection, code, cause), cause);
    }

    /** Of a driver that says no more than its code: a heuristic outcome is one that it has not reported truly. */
    private static Kind kind(int code) {
        if (code >= XAException.XA_RBBASE && code <= XAException.XA_RBEND) {
            return Kind.ROLLED_BACK;
        }
        return switch (code) {
            case XAException.XAER_RMFAIL, XAException.XA_HEURCOM, XAException.XA_HEURMIX, XAException.XA_HEURHAZ ->
                Kind.LOST;
            default -> Kind.REFUSED;
        };
    }

    private static Kind kind(PhysicalConnection connection, int code, SQLException cause) {
        if (connection.becameReadOnly(cause)) {
            return Kind.READ_ONLY;
        }
        if (code >= XAException.XA_RBBASE && code <= XAException.XA_RBEND) {
            return Kind.ROLLED_BACK;
        }
        return switch (connection.fault(cause)) {
            case CONNECTION -> Kind.LOST;
            case TRANSACTION -> Kind.ROLLED_BACK;
            case STATEMENT -> Kind.REFUSED;
        };
    }

    private static @Nullable SQLException cause(Exception failure) {
        @Nullable Throwable each = failure;
        for (int depth = 0; each != null && depth < 10; depth++, each = each.getCause()) {
            if (each instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    boolean unknownToServer() {
        return code == XAException.XAER_NOTA;
    }
}

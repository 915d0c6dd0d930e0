// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: the transaction's number is read before COMMIT, and the server knows what became of it. Reading it fails
 * if the transaction was aborted, which COMMIT would not: it answers OK to a rollback (measured).
 */
final class NativeCommit implements Commit {

    private final PhysicalConnection own;
    private final @Nullable Xid xid;
    private @Nullable String number;

    /** @param xid null for a local transaction */
    NativeCommit(PhysicalConnection own, @Nullable Xid xid) {
        this.own = own;
        this.xid = xid;
    }

    @Override
    public void run() throws SQLException {
        try (Statement statement = own.connection().createStatement();
                ResultSet row = statement.executeQuery("select pg_current_xact_id_if_assigned()::text")) {
            row.next();
            number = row.getString(1);
        }
        own.connection().commit();
        if (xid != null) {
            own.connection().setAutoCommit(true);
        }
    }

    @Override
    public Outcome settle() throws SQLException {
        own.connection().rollback();
        if (xid != null) {
            own.connection().setAutoCommit(true);
        }
        return Outcome.ROLLED_BACK;
    }

    /** Without a number either COMMIT was not sent, or nothing was written. */
    @Override
    public Outcome find(PhysicalConnection asked, boolean ended) throws SQLException {
        if (!ended) {
            return Outcome.UNKNOWN;
        }
        if (number == null) {
            return Outcome.ROLLED_BACK;
        }
        try (PreparedStatement select = asked.connection().prepareStatement("select pg_xact_status(?::xid8)")) {
            select.setString(1, number);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                String status = String.valueOf(row.getString(1));
                return switch (status) {
                    case "committed" -> Outcome.COMMITTED;
                    case "aborted" -> Outcome.ROLLED_BACK;
                    default -> Outcome.UNKNOWN;
                };
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL: the transaction's number is read before COMMIT, and the server knows what became of it. Reading it fails
 * if the transaction was aborted, which COMMIT would not: it answers OK to a rollback (measured).
 *
 * <p>After a crash the server may give a number to another transaction, if nothing of the first that had it was durable
 * (measured). A crash ends with a checkpoint that begins where the recovered log ends, and this tells: that of the first
 * crash since. After a later one, or an orderly restart, the log may have grown beyond what was lost. So the checkpoints
 * that any session has seen count; a run of the server that none of them has seen is not known.
 */
final class NativeCommit implements Commit {

    private static final String READ = """
            select pg_current_xact_id_if_assigned()::text,
                case when pg_is_in_recovery() then 0 else (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint end,
                (checkpoint_lsn - '0/0'::pg_lsn)::bigint
            from pg_control_checkpoint()""";

    private static final String CHECKPOINT = """
            select (checkpoint_lsn - '0/0'::pg_lsn)::bigint, checkpoint_lsn = redo_lsn
            from pg_control_checkpoint()""";

    private final PhysicalConnection own;
    private final Checkpoints checkpoints;
    private final @Nullable Xid xid;
    private @Nullable String number;
    private long written;
    private long checkpoint;

    /** @param xid null for a local transaction */
    NativeCommit(PhysicalConnection own, Checkpoints checkpoints, @Nullable Xid xid) {
        this.own = own;
        this.checkpoints = checkpoints;
        this.xid = xid;
    }

    @Override
    public void run() throws SQLException {
        try (Statement statement = own.connection().createStatement();
                ResultSet row = statement.executeQuery(READ)) {
            row.next();
            number = row.getString(1);
            written = row.getLong(2);
            checkpoint = row.getLong(3);
        }
        own.connection().commit();
        end();
    }

    @Override
    public Outcome settle() throws SQLException {
        own.connection().rollback();
        end();
        return Outcome.ROLLED_BACK;
    }

    private void end() throws SQLException {
        if (xid != null) {
            own.connection().setAutoCommit(true);
        }
    }

    /** Without a number either COMMIT was not sent, or nothing was written; wherever the session may be. */
    @Override
    public Outcome find(PhysicalConnection asked, boolean ended) throws SQLException {
        if (number == null) {
            return Outcome.ROLLED_BACK;
        }
        if (!ended) {
            return Outcome.UNKNOWN;
        }
        try (Statement statement = asked.connection().createStatement();
                ResultSet row = statement.executeQuery(CHECKPOINT)) {
            row.next();
            long last = row.getLong(1);
            String server = asked.session().server();
            checkpoints.see(server, last, row.getBoolean(2));
            if (last == checkpoint) {
                return status(asked);
            }
            OptionalLong beginning = checkpoints.firstAfter(server, checkpoint);
            if (beginning.isEmpty()) {
                return Outcome.UNKNOWN; // there may have been a crash before this checkpoint
            }
            return written > beginning.getAsLong() ? Outcome.ROLLED_BACK : status(asked);
        }
    }

    private Outcome status(PhysicalConnection asked) throws SQLException {
        try (PreparedStatement select = asked.connection().prepareStatement("select pg_xact_status(?::xid8)")) {
            select.setString(1, number);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return switch (String.valueOf(row.getString(1))) {
                    case "committed" -> Outcome.COMMITTED;
                    case "aborted" -> Outcome.ROLLED_BACK;
                    default -> Outcome.UNKNOWN;
                };
            }
        }
    }
}

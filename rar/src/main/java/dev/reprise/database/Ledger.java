// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A table with one row (a slot) for each session, in which every transaction of the session leaves its name. A slot is
 * given to another session with a higher generation, so that a late commit of the former one does not find it.
 * Thread-safe.
 */
public final class Ledger {

    /** Instead of a holder: what the row's last holder had under way was undone. */
    private static final String CLOSED = "closed";

    private static final int ATTEMPTS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Database database;
    private final String table;
    private final String node;
    private final String owner;
    private final Consumer<SQLException> complaint;
    private final Queue<Slot> free = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean alone = new AtomicBoolean();

    /**
     * @param table its name, with its schema if need be; known to be a name
     * @param node names this application server among all that use the table; the same after its restart
     * @param instance names this run of it among all runs
     * @param complaint told why the ledger could not be used
     */
    public Ledger(Database database, String table, String node, String instance, Consumer<SQLException> complaint) {
        this.database = database;
        this.table = table;
        this.complaint = complaint;
        this.node = node + '/';
        this.owner = this.node + instance;
    }

    String table() {
        return table;
    }

    /**
     * Takes a slot for a session that is in no transaction: one that this run of the application server has done with,
     * one that an earlier run of it has left, or a new one.
     *
     * @throws SQLException also if there is no such table, or no right to use it
     */
    Slot claim(Connection connection, Session session) throws SQLException {
        endFormerRuns(connection);
        for (int attempt = 1; ; attempt++) {
            try {
                return claimOnce(connection, session);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !isContention(e)) {
                    throw e;
                }
            }
        }
    }

    /** Several connections may claim at the same moment, and some be chosen as the victims of a deadlock. */
    private boolean isContention(SQLException e) {
        return database.faults().classify(e).filter(Fault.TRANSACTION::equals).isPresent();
    }

    private Slot claimOnce(Connection connection, Session session) throws SQLException {
        connection.setAutoCommit(false);
        try {
            readCommitted(connection);
            Slot slot = take(connection);
            try (PreparedStatement update = connection.prepareStatement(
                    "update " + table + " set generation = ?, owner = ?, holder = ?, xid = '' where slot = ?")) {
                update.setLong(1, slot.generation());
                update.setString(2, owner);
                update.setString(3, database.holder(session));
                update.setLong(4, slot.number());
                update.executeUpdate();
            }
            connection.commit();
            connection.setAutoCommit(true);
            return slot;
        } catch (SQLException e) {
            undo(connection, e);
            throw e;
        }
    }

    private static void undo(Connection connection, SQLException reason) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            reason.addSuppressed(e); // the connection is of no use, as it says at its next call
        }
    }

    /** In its usual isolation MariaDB also locks what lies between rows, and those who insert there wait for each other. */
    private static void readCommitted(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level read committed");
        }
    }

    private Slot take(Connection connection) throws SQLException {
        for (int left = free.size(); left > 0; left--) {
            Slot candidate = free.poll();
            if (candidate == null) {
                break;
            }
            Optional<Slot> taken = lock(
                    connection,
                    "slot = ? and owner = ? and generation between ? and ?",
                    candidate.number(),
                    owner,
                    candidate.generation(),
                    candidate.generation() + 1);
            if (taken.isPresent()) {
                return taken.get();
            }
            if (isOf(candidate, read(connection, candidate))) {
                free.add(candidate); // a transaction that is still being undone holds it
            }
        }
        Optional<Slot> left =
                lock(connection, "owner like ? and owner <> ? and " + database.holderIsGone(), formerRuns(), owner);
        return left.isPresent() ? left.get() : insert(connection);
    }

    /** Where the table was emptied meanwhile, or made anew, a row with this number is another one. */
    private static boolean isOf(Slot slot, @Nullable Entry entry) {
        return entry != null && (entry.generation == slot.generation() || entry.isClosed(slot));
    }

    private String formerRuns() {
        return node.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%") + '%';
    }

    private Optional<Slot> lock(Connection connection, String condition, Object... values) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select slot, generation from " + table + " where "
                + condition + " order by slot limit 1 for update skip locked")) {
            for (int i = 0; i < values.length; i++) {
                select.setObject(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Slot(this, row.getLong(1), row.getLong(2) + 1)) : Optional.empty();
            }
        }
    }

    /** Its generations begin somewhere: the number may have been another row's, before the table was emptied. */
    private Slot insert(Connection connection) throws SQLException {
        long generation = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2);
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into " + table + " (generation, owner, holder, xid) values (?, ?, '', '')",
                new String[] {"slot"})) {
            insert.setLong(1, generation);
            insert.setString(2, owner);
            insert.executeUpdate();
            try (ResultSet row = insert.getGeneratedKeys()) {
                row.next();
                return new Slot(this, row.getLong(1), generation);
            }
        }
    }

    /** The transaction was committed without it. */
    void complain(SQLException reason) {
        complaint.accept(reason);
    }

    /** The session that held it has ended, and nobody will ask for its last transaction any more. */
    public void free(Slot slot) {
        free.add(slot);
    }

    /** Sessions that an earlier run of this application server has left half-open would keep their locks. */
    private void endFormerRuns(Connection connection) throws SQLException {
        if (alone.get()) {
            return;
        }
        try (PreparedStatement select = connection.prepareStatement("select holder from " + table
                + " where owner like ? and owner <> ? and not (" + database.holderIsGone() + ")")) {
            select.setString(1, formerRuns());
            select.setString(2, owner);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    database.end(connection, row.getString(1), TIMEOUT);
                }
            }
        }
        alone.set(true);
    }

    private record Entry(long generation, String holder, String xid) {

        boolean isClosed(Slot slot) {
            return generation == slot.generation() + 1 && holder.equals(CLOSED);
        }
    }

    /** What is not committed would be read as committed, if the server's default or newConnectionSql want it so. */
    private @Nullable Entry read(Connection connection, Slot slot) throws SQLException {
        if (connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED) {
            readCommitted(connection);
        }
        try (PreparedStatement select =
                connection.prepareStatement("select generation, holder, xid from " + table + " where slot = ?")) {
            select.setLong(1, slot.number());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Entry(row.getLong(1), row.getString(2), row.getString(3)) : null;
            }
        }
    }

    /**
     * What the row of a session says about its transaction; {@link Outcome#UNKNOWN} if it is not the row any more that
     * the session had.
     *
     * @param ended whether the session has ended, and the table is the one that it wrote to
     */
    Outcome outcome(Connection connection, Slot slot, String xid, boolean ended) throws SQLException {
        @Nullable Entry entry = read(connection, slot);
        if (entry == null) {
            return Outcome.UNKNOWN;
        }
        if (entry.isClosed(slot)) {
            return Outcome.ROLLED_BACK; // as was found before, when the answer was lost
        }
        if (entry.generation != slot.generation()) {
            return Outcome.UNKNOWN;
        }
        if (entry.xid.equals(xid)) {
            return Outcome.COMMITTED;
        }
        return ended && close(connection, slot, entry.xid) ? Outcome.ROLLED_BACK : Outcome.UNKNOWN;
    }

    /** Whether the row of a session has this transaction as its last. */
    boolean names(Connection connection, Slot slot, String xid) throws SQLException {
        @Nullable Entry entry = read(connection, slot);
        return entry != null && entry.generation == slot.generation() && entry.xid.equals(xid);
    }

    /** From now on nothing that the former session has sent can commit. */
    private boolean close(Connection connection, Slot slot, String lastXid) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update " + table
                + " set generation = generation + 1, holder = ? where slot = ? and generation = ? and xid = ?")) {
            update.setString(1, CLOSED);
            update.setLong(2, slot.number());
            update.setLong(3, slot.generation());
            update.setString(4, lastXid);
            return update.executeUpdate() == 1;
        }
    }
}

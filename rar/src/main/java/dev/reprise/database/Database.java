// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.FaultTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * What differs between databases and their drivers; it remembers nothing but what was seen of servers. Thread-safe.
 */
public interface Database {

    /** The database that an {@code XADataSource} class belongs to; {@link Generic} if its driver is not known. */
    static Database of(String xaDataSourceClass) {
        if (xaDataSourceClass.startsWith("org.mariadb.jdbc.")) {
            return new MariaDb();
        }
        if (xaDataSourceClass.startsWith("org.postgresql.")) {
            return new PostgreSql();
        }
        return new Generic();
    }

    /** Where a URL leads, as host:port or as it is written; empty if it does not say so. */
    static String endpoint(String url) {
        return Authority.textOf(url);
    }

    /** Whether a URL leads away from this machine, as far as its host's name tells. */
    static boolean leavesThisMachine(String url) {
        return !Authority.ofUrl(url).isLoopback();
    }

    String name();

    /** Whether nothing is known of the database but JDBC and XA. */
    default boolean isGeneric() {
        return false;
    }

    FaultTable faults();

    /** What can guard a commit here, without the ledger; the first is the best. */
    List<CommitGuard> guards();

    /** Whether there can be a ledger here. */
    default boolean hasLedger() {
        return false;
    }

    /** What is wrong with this configuration of the driver, a sentence each; empty if it can be used. */
    List<String> refusals(String url, Map<String, String> driverProperties);

    /**
     * What keeps this configuration from connecting only to servers that prove by their certificates who they are, a
     * sentence each.
     */
    default List<String> refusalsOfVerifiedTls(String url, Map<String, String> driverProperties) {
        return List.of(
                "requireVerifiedTls: true, but of this driver it is not known how; allowed is false, and what the"
                        + " driver knows of TLS in url or driverProperties");
    }

    /** The driver's properties, and those that make it refuse other servers. */
    default Map<String, String> withVerifiedTls(Map<String, String> driverProperties) {
        throw new UnsupportedOperationException(name());
    }

    /**
     * The settings of the driver's {@code XADataSource}, in the order in which they are to be made.
     *
     * @param socketFactory the class name of a factory that the driver can load; empty for the driver's own sockets
     */
    Map<String, String> dataSourceProperties(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory);

    /** Between how many hosts the driver would choose by itself. */
    default int hosts(XADataSource dataSource) {
        return 1;
    }

    /** Marks the session and asks the server about it and about itself: one round trip. */
    Session open(Connection connection, String mark) throws SQLException;

    /** Whether the server can put a session back to its beginning. */
    default boolean canReset() {
        return false;
    }

    /** As the session is now, that is how its resets leave it. Asks the server. */
    default SessionReset reset(Connection connection, Session session) throws SQLException {
        throw new UnsupportedOperationException(name());
    }

    /**
     * The branches of a session: as the driver has them, or better. END may be sent with what follows it. Used by one
     * thread at a time.
     */
    default XAResource branches(XAConnection driverConnection, Connection connection) throws SQLException {
        return driverConnection.getXAResource();
    }

    /** What the server is not set up for, a sentence each; asks it. */
    default List<String> shortcomings(Connection connection) throws SQLException {
        return List.of();
    }

    /**
     * One round trip to the server and back, which opens no transaction.
     *
     * @return whether the server takes no writes at present; false where it does not tell
     */
    boolean ping(Connection connection, Duration timeout) throws SQLException;

    /** Whether the server has said since, unasked, that it is not in the role in which it opened this session. */
    default boolean heardOfAnotherRole(Connection connection, Session session) {
        return false;
    }

    /**
     * Ends another session and waits until the server has undone its work.
     *
     * @param control a connection of the same user
     * @return true if the session is gone for certain; false if that cannot be said, for instance because the control
     *     connection reached another server
     */
    boolean fence(Connection control, Session controlSession, Session victim, Duration timeout) throws SQLException;

    /**
     * After the server was replaced by another: whether that one takes writes and has no more to apply of what the
     * former one wrote.
     */
    default boolean hasTakenOver(Connection connection) throws SQLException {
        return false;
    }

    /** The name by which another session can end the one that has prepared this branch; empty if it need not. */
    default Optional<String> preparer(Xid xid) {
        return Optional.empty();
    }

    /** The name by which another session can end this one. */
    default String holder(Session session) {
        return session.mark();
    }

    /** Ends the session of this name, if there is one, and waits until its work is undone. */
    default void end(Connection connection, String holder, Duration timeout) throws SQLException {}

    /** A condition: the session that is named in the column {@code holder} does not exist. */
    default String holderIsGone() {
        return "1 = 0";
    }

    /**
     * Ends and commits a transaction that leaves its name in the ledger, in one round trip. Commits nothing if the slot
     * is somebody else's by now.
     *
     * @param xid null for a local transaction
     */
    default String ledgerCommit(Slot slot, String name, @Nullable Xid xid) {
        throw new UnsupportedOperationException(name());
    }

    /** Whether this says that there is no such table, or no right to use it. */
    default boolean hasNoLedger(SQLException e) {
        return false;
    }

    /** Whether this is a failure of {@link #ledgerCommit} that met no transaction. */
    default boolean foundNothing(@Nullable SQLException e) {
        return false;
    }

    /** Whether an application's SQL begins or ends a transaction; if savepoints are not allowed, also theirs. */
    default boolean isTransactional(String sql, boolean savepoints) {
        return TransactionSql.isIn(sql, savepoints, SqlTokens.Dialect.POSTGRESQL);
    }

    /**
     * Why this may not be run again on another session after it was undone; empty if it may. Conservative: what is not known
     * may not.
     */
    default Optional<Unrepeatable> reasonAgainstRepeating(String sql) {
        return Optional.of(new Unrepeatable("of this database it is not known what may be run again", true));
    }

    /** Has the next row that is inserted on this connection get this key, if keys are generated so that this is possible. */
    default void pinGeneratedKey(Connection connection, long key) throws SQLException {}

    /**
     * Whether there is something here that a rollback does not undo, and that SQL does not show: such as a table without
     * transactions.
     */
    default Optional<String> notUndone(Connection connection) throws SQLException {
        return Optional.empty();
    }

    /**
     * Whether the driver would begin a transaction together with the next statement, and that one could be run outside of
     * it: then the server is to {@link #begin} it before. No request.
     */
    default boolean hasToBegin(Connection connection) throws SQLException {
        return false;
    }

    /** One round trip; if it fails there is no transaction, and the driver is as before. */
    default void begin(Connection connection) throws SQLException {}

    /** Without asking the server. */
    default InTransaction inTransaction(Connection connection) {
        return InTransaction.UNKNOWN;
    }

    /** Whether this says that a table does not exist. */
    default boolean hasNoSuchTable(SQLException e) {
        return String.valueOf(e.getSQLState()).startsWith("42");
    }

    /** Whether this says that the statement was interrupted, by whomever: what it had not done was undone. */
    default boolean wasInterrupted(SQLException e) {
        return false;
    }

    /**
     * Whether this says that the server has undone the transaction in favour of another one: the same may succeed when it
     * is run again.
     */
    default boolean gaveWay(SQLException e) {
        return false;
    }

    /**
     * Whether this says only that a statement has waited in vain for a lock, or was cancelled: a little later the same may
     * succeed, and it tells nothing about the data.
     */
    default boolean isPassing(SQLException e) {
        return false;
    }

    /** Whether this says that the transaction is one that cannot write. */
    default boolean isReadOnlyTransaction(SQLException e) {
        return "25006".equals(e.getSQLState());
    }

    /** @param xid null for a local transaction */
    default Commit commit(PhysicalConnection own, @Nullable Xid xid, CommitGuard guard) {
        return guard == CommitGuard.TWO_PHASE && xid != null
                ? new TwoPhaseCommit(own, xid)
                : new PlainCommit(own, xid, true);
    }

    /** Whether this says that the server has become read-only: it answered, the connection lives, but must go. */
    boolean becameReadOnly(SQLException e);

    /** Whether a failed statement leaves nothing of its transaction to commit (PostgreSQL). */
    default boolean statementFailureAbortsTransaction() {
        return false;
    }

    /** All prepared branches that the server knows, also those of others; what cannot be decoded is left out. */
    default List<Xid> prepared(Connection connection, XAResource resource) throws SQLException, XAException {
        return List.of(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.FaultTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** MariaDB 10.6 and later through MariaDB Connector/J 3.5 and later. */
final class MariaDb implements Database {

    /** The lock is free once the session has ended *and* its rollback is done. */
    private static final String OPEN = """
            select connection_id(), get_lock(?, 0), concat_ws('/', @@hostname, @@port, @@server_id), @@read_only,
                unix_timestamp() - uptime, log_position, plain, galera
            from (select max(if(variable_name = 'UPTIME', cast(variable_value as unsigned), 0)) uptime,
                    max(if(variable_name = 'INNODB_LSN_FLUSHED', cast(variable_value as unsigned), 0)) log_position,
                    max(variable_name = 'SSL_CIPHER' and variable_value = '') plain,
                    max(variable_name = 'WSREP_PROVIDER_NAME' and variable_value <> '') galera
                from information_schema.session_status
                where variable_name in ('UPTIME', 'INNODB_LSN_FLUSHED', 'SSL_CIPHER',
                    'WSREP_PROVIDER_NAME')) status""";

    private static final String GALERA =
            "The server is a node of a Galera cluster, which has no XA: the deployment must"
                    + " say LocalTransaction, and a ledger finds out what became of a commit";

    /** What a guarded commit says by SIGNAL; of states that the standard leaves to implementations. */
    private static final String NOTHING_THERE = "25R01";

    @Override
    public String name() {
        return "MariaDB";
    }

    @Override
    public FaultTable faults() {
        return MariaDbFaults.TABLE;
    }

    @Override
    public List<String> refusals(String url, Map<String, String> driverProperties) {
        return MariaDbOptions.refusals(url, driverProperties);
    }

    @Override
    public List<String> refusalsOfVerifiedTls(String url, Map<String, String> driverProperties) {
        return MariaDbOptions.refusalsOfVerifiedTls(url, driverProperties);
    }

    @Override
    public Map<String, String> withVerifiedTls(Map<String, String> driverProperties) {
        return MariaDbOptions.verifiedTls().added(driverProperties);
    }

    @Override
    public Map<String, String> dataSourceProperties(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory) {
        return Map.of("url", MariaDbOptions.complete(url, driverProperties, connectTimeout, socketFactory));
    }

    @Override
    public Session open(Connection connection, String mark) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OPEN)) {
            select.setString(1, mark);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                String held = row.getInt(2) == 1 ? mark : "";
                return new Session(
                        row.getLong(1),
                        held,
                        row.getString(3),
                        row.getLong(5),
                        row.getLong(6),
                        row.getInt(4) != 0,
                        row.getBoolean(7),
                        row.getBoolean(8) ? GALERA : "");
            }
        }
    }

    @Override
    public boolean canReset() {
        return true;
    }

    @Override
    public SessionReset reset(Connection connection, Session session) throws SQLException {
        return MariaDbReset.of(connection, session);
    }

    /** As cheap as a ping of the protocol (measured). */
    @Override
    public boolean ping(Connection connection, Duration timeout) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select @@read_only")) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public boolean fence(Connection control, Session controlSession, Session victim, Duration timeout)
            throws SQLException {
        return MariaDbSessions.fence(control, controlSession, victim, timeout);
    }

    @Override
    public void end(Connection connection, String holder, Duration timeout) throws SQLException {
        MariaDbSessions.end(connection, holder, timeout);
    }

    @Override
    public Optional<String> preparer(Xid xid) {
        return Optional.of(MariaDbSessions.lock(xid));
    }

    @Override
    public String holderIsGone() {
        return "is_free_lock(holder)";
    }

    @Override
    public boolean hasTakenOver(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select @@read_only = 0 and variable_value = 0 from information_schema.global_status
                        where variable_name = 'SLAVES_RUNNING'""")) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public List<CommitGuard> guards() {
        return List.of(CommitGuard.TWO_PHASE, CommitGuard.NONE);
    }

    @Override
    public boolean hasLedger() {
        return true;
    }

    @Override
    public XAResource branches(XAConnection driverConnection, Connection connection) {
        return new MariaDbBranches(this, connection);
    }

    /**
     * The order matters: outside a transaction the row would be committed by itself. A branch is prepared before it is
     * committed, since with the binary log on a commit in one phase does not survive a crash of the server (measured).
     */
    @Override
    public String ledgerCommit(Slot slot, String name, @Nullable Xid xid) {
        String write = "update " + slot.ledger().table() + " set xid = '" + name + "' where slot = " + slot.number()
                + " and generation = " + slot.generation()
                + "; if row_count() = 0 then signal sqlstate '" + LedgerCommit.FENCED
                + "' set message_text = 'The session was fenced'; end if; ";
        if (xid == null) {
            return "begin not atomic if @@in_transaction = 1 then " + write + "end if; commit; end";
        }
        String branch = Xids.text(xid);
        return "begin not atomic if @@in_transaction = 0 then signal sqlstate '" + NOTHING_THERE
                + "' set message_text = 'The branch has ended already'; end if; " + write + "xa end " + branch
                + "; xa prepare " + branch + "; xa commit " + branch + "; end";
    }

    @Override
    public boolean hasNoLedger(SQLException e) {
        return hasNoSuchTable(e) || e.getErrorCode() == 1142 || e.getErrorCode() == 1143;
    }

    /** A deadlock, or a row that has changed since the snapshot (innodb_snapshot_isolation). */
    @Override
    public boolean gaveWay(SQLException e) {
        return e.getErrorCode() == 1213 || e.getErrorCode() == 1020;
    }

    /** Lock wait timeout; interrupted; max_statement_time. */
    @Override
    public boolean isPassing(SQLException e) {
        return e.getErrorCode() == 1205 || e.getErrorCode() == 1317 || e.getErrorCode() == 1969;
    }

    @Override
    public boolean isReadOnlyTransaction(SQLException e) {
        return e.getErrorCode() == 1792;
    }

    @Override
    public boolean foundNothing(@Nullable SQLException e) {
        return e != null && NOTHING_THERE.equals(e.getSQLState());
    }

    @Override
    public boolean isTransactional(String sql, boolean savepoints) {
        return TransactionSql.isIn(sql, savepoints, SqlTokens.Dialect.MARIADB);
    }

    @Override
    public InTransaction inTransaction(Connection connection) {
        try {
            return DriverStatus.MariaDbDriver.of(connection);
        } catch (SQLException | LinkageError e) {
            return InTransaction.UNKNOWN; // another version of the driver, or another wrapper around it
        }
    }

    @Override
    public boolean hasNoSuchTable(SQLException e) {
        return e.getErrorCode() == 1146;
    }

    /** KILL QUERY and max_statement_time in PREPARE: the branch is gone, and the session in none (measured). */
    @Override
    public boolean wasInterrupted(SQLException e) {
        return e.getErrorCode() == 1317 || e.getErrorCode() == 1969;
    }

    static int xaCode(SQLException e) {
        return switch (e.getErrorCode()) {
            case 1397 -> XAException.XAER_NOTA;
            case 1398 -> XAException.XAER_INVAL;
            case 1399 -> XAException.XAER_RMFAIL;
            case 1400 -> XAException.XAER_OUTSIDE;
            case 1402 -> XAException.XA_RBROLLBACK;
            case 1440 -> XAException.XAER_DUPID;
            case 1613 -> XAException.XA_RBTIMEOUT;
            case 1614 -> XAException.XA_RBDEADLOCK;
            default -> XAException.XAER_RMERR;
        };
    }

    /**
     * 1290: an option of the server prevents the statement; only with read_only (measured, {@code isValid} is still
     * true), and not with secure_file_priv and others, is it the session's end. 1836: read-only mode.
     */
    @Override
    public boolean becameReadOnly(SQLException e) {
        return e.getErrorCode() == 1836
                || (e.getErrorCode() == 1290 && String.valueOf(e.getMessage()).contains("read-only"));
    }

    /** Not the driver's: it fails as a whole on a format id that does not fit an {@code int}. */
    @Override
    public List<Xid> prepared(Connection connection, XAResource resource) throws SQLException {
        var xids = new ArrayList<Xid>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("XA RECOVER")) {
            while (row.next()) {
                long formatId = row.getLong(1);
                byte[] data = row.getBytes(4);
                int global = row.getInt(2);
                if (formatId == (int) formatId && data.length == global + row.getInt(3)) {
                    xids.add(new RecoveredXid((int) formatId, data, global));
                }
            }
        }
        return xids;
    }

    @Override
    public Optional<Unrepeatable> reasonAgainstRepeating(String sql) {
        return RepeatableSql.reasonAgainst(sql, SqlTokens.Dialect.MARIADB);
    }

    @Override
    public void pinGeneratedKey(Connection connection, long key) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set insert_id = " + key);
        }
    }

    /** What the user may see of them. */
    @Override
    public Optional<String> notUndone(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select min(concat(table_schema, '.', table_name)) from information_schema.tables t
                        join information_schema.engines e on e.engine = t.engine and e.transactions = 'NO'
                        where table_type = 'BASE TABLE'
                        and table_schema not in ('mysql', 'sys', 'information_schema', 'performance_schema')""")) {
            return row.next()
                    ? Optional.ofNullable(row.getString(1))
                            .map(table -> "a table without transactions exists: " + table)
                    : Optional.empty();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.FaultTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingException;
import javax.naming.RefAddr;
import javax.naming.Referenceable;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 14 and later through pgjdbc. */
final class PostgreSql implements Database {

    /**
     * The mark is when the session began: together with its process number it names one session only. A server that was
     * promoted, or restored, is on another timeline, and its transaction numbers mean something else there. That
     * transactions are read-only because the user or the application wants it so says nothing of the server.
     */
    private static final String OPEN = """
            select pg_backend_pid(), (select backend_start::text from pg_stat_activity where pid = pg_backend_pid()),
                host(coalesce(inet_server_addr(), '127.0.0.1')) || '/' || coalesce(inet_server_port(), 0) || '/'
                    || (select system_identifier from pg_control_system()) || '/'
                    || case when pg_is_in_recovery() then 'standby' else substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end,
                pg_is_in_recovery() or case when current_setting('default_transaction_read_only') = 'on' then exists (
                    select 1 from pg_settings
                    where name = 'default_transaction_read_only' and source = 'configuration file') else false end,
                extract(epoch from pg_postmaster_start_time())::bigint,
                case when pg_is_in_recovery() then 0 else (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint end,
                exists (select 1 from pg_stat_ssl where pid = pg_backend_pid() and not ssl),
                (checkpoint_lsn - '0/0'::pg_lsn)::bigint, checkpoint_lsn = redo_lsn
            from pg_control_checkpoint()""";

    /** Set for the whole server: it takes no writes, although it is no standby. */
    private static final String READ_ONLY = """
            select exists (select 1 from pg_settings where name = 'default_transaction_read_only' and setting = 'on'
                and source = 'configuration file')""";

    private static final String GONE =
            "select not exists (select 1 from pg_stat_activity where pid = ? and backend_start = ?::timestamptz)";

    private final Checkpoints checkpoints = new Checkpoints();

    @Override
    public String name() {
        return "PostgreSQL";
    }

    @Override
    public FaultTable faults() {
        return PostgreSqlFaults.TABLE;
    }

    @Override
    public List<String> refusals(String url, Map<String, String> driverProperties) {
        return PostgreSqlOptions.refusals(url, driverProperties);
    }

    @Override
    public List<String> refusalsOfVerifiedTls(String url, Map<String, String> driverProperties) {
        var refusals = new ArrayList<>(VerifiedTls.POSTGRESQL.refusals("url", DriverOptions.ofUrl(url)));
        refusals.addAll(VerifiedTls.POSTGRESQL.refusals("driverProperties", driverProperties));
        return refusals;
    }

    @Override
    public Map<String, String> withVerifiedTls(Map<String, String> driverProperties) {
        return VerifiedTls.POSTGRESQL.added(driverProperties);
    }

    @Override
    public Map<String, String> dataSourceProperties(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory) {
        var ours = new LinkedHashMap<String, String>();
        String seconds = String.valueOf(Math.max(1, connectTimeout.toSeconds()));
        ours.put("connectTimeout", seconds);
        ours.put("loginTimeout", seconds);
        if (!socketFactory.isEmpty()) {
            ours.put("socketFactory", socketFactory);
            ours.put("tcpKeepAlive", "true"); // the driver would switch it off
        }
        ours.keySet().removeAll(DriverOptions.ofUrl(url).keySet());
        var properties = new LinkedHashMap<String, String>();
        if (!url.isEmpty()) {
            properties.put("url", url);
        }
        properties.putAll(ours);
        properties.putAll(driverProperties);
        return properties;
    }

    /** However they were written: the data source names them in its reference (JDBC 4.3, 9.4.3). */
    @Override
    public int hosts(XADataSource dataSource) {
        try {
            RefAddr names = dataSource instanceof Referenceable known
                    ? known.getReference().get("serverName")
                    : null;
            return names == null ? 1 : String.valueOf(names.getContent()).split(",", -1).length;
        } catch (NamingException e) {
            throw new IllegalArgumentException("xaDataSourceClass: the driver does not say its hosts: " + e, e);
        }
    }

    @Override
    public Session open(Connection connection, String mark) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OPEN)) {
            row.next();
            checkpoints.see(row.getString(3), row.getLong(8), row.getBoolean(9));
            return new Session(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(5),
                    row.getLong(6),
                    row.getBoolean(4),
                    row.getBoolean(7),
                    "");
        }
    }

    /** None is the default of the server. */
    @Override
    public List<String> shortcomings(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show max_prepared_transactions")) {
            return row.next() && row.getInt(1) == 0
                    ? List.of("max_prepared_transactions is 0: transactions with several resources, and those that are"
                            + " guarded by two-phase, are always rolled back; set it to the size of all pools or more")
                    : List.of();
        }
    }

    @Override
    public boolean canReset() {
        return true;
    }

    @Override
    public SessionReset reset(Connection connection, Session session) throws SQLException {
        return PostgreSqlReset.of(connection);
    }

    /** The server reports a change of its role, and of its settings, with its next answer; whose they are it does not. */
    @Override
    public boolean ping(Connection connection, Duration timeout) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("");
            if (isStandby(connection) || !isOn(connection, "default_transaction_read_only")) {
                return isStandby(connection);
            }
            try (ResultSet row = statement.executeQuery(READ_ONLY)) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public boolean heardOfAnotherRole(Connection connection, Session session) {
        return isStandby(connection) != session.server().endsWith("/standby");
    }

    /** With its last answer. */
    static boolean isStandby(Connection connection) {
        return isOn(connection, "in_hot_standby");
    }

    private static boolean isOn(Connection connection, String parameter) {
        try {
            return DriverStatus.PostgreSqlDriver.isOn(connection, parameter);
        } catch (SQLException | LinkageError e) {
            return false; // another version of the driver, or another wrapper around it
        }
    }

    /** A standby has applied all that it has got when it takes writes. */
    @Override
    public boolean hasTakenOver(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select not pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public boolean fence(Connection control, Session controlSession, Session victim, Duration timeout)
            throws SQLException {
        if (!controlSession.continues(victim)) {
            return false;
        }
        if (!controlSession.sameRun(victim)) {
            return true;
        }
        try (PreparedStatement terminate = control.prepareStatement(
                "select pg_terminate_backend(pid, ?) from pg_stat_activity where pid = ? and backend_start = ?::timestamptz")) {
            terminate.setLong(1, timeout.toMillis());
            terminate.setLong(2, victim.id());
            terminate.setString(3, victim.mark());
            terminate.execute();
        }
        try (PreparedStatement gone = control.prepareStatement(GONE)) {
            gone.setLong(1, victim.id());
            gone.setString(2, victim.mark());
            try (ResultSet row = gone.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** A primary that becomes a standby restarts, which ends its sessions; with 25006 the server has to be asked. */
    @Override
    public boolean becameReadOnly(SQLException e) {
        return false;
    }

    @Override
    public List<CommitGuard> guards() {
        return List.of(CommitGuard.NATIVE, CommitGuard.TWO_PHASE, CommitGuard.NONE);
    }

    @Override
    public boolean hasLedger() {
        return true;
    }

    @Override
    public XAResource branches(XAConnection driverConnection, Connection connection) {
        return new PostgreSqlBranches(connection);
    }

    @Override
    public List<Xid> prepared(Connection connection, XAResource resource) throws XAException {
        return List.of(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN));
    }

    /**
     * pgjdbc sends BEGIN and the first statement as two queries at once. If the server refuses the first, since a cancel
     * has come too late for the statement before, it runs the second in a transaction of its own (measured).
     */
    @Override
    public boolean hasToBegin(Connection connection) throws SQLException {
        return inTransaction(connection) == InTransaction.NO && !connection.getAutoCommit();
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(true); // so that the driver adds no BEGIN of its own
        try (Statement statement = connection.createStatement()) {
            statement.execute(connection.isReadOnly() ? "begin read only" : "begin");
        } catch (SQLException e) {
            keepOff(connection, e);
            throw e;
        }
        connection.setAutoCommit(false);
    }

    private static void keepOff(Connection connection, SQLException reason) {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            reason.addSuppressed(e); // it is closed
        }
    }

    @Override
    public InTransaction inTransaction(Connection connection) {
        try {
            return DriverStatus.PostgreSqlDriver.of(connection);
        } catch (SQLException | LinkageError e) {
            return InTransaction.UNKNOWN; // another version of the driver, or another wrapper around it
        }
    }

    @Override
    public boolean hasNoSuchTable(SQLException e) {
        return "42P01".equals(e.getSQLState());
    }

    @Override
    public boolean hasNoLedger(SQLException e) {
        return hasNoSuchTable(e) || "42501".equals(e.getSQLState());
    }

    @Override
    public String holder(Session session) {
        return session.id() + "/" + session.mark();
    }

    @Override
    public String holderIsGone() {
        return "not exists (select 1 from pg_stat_activity where pid || '/' || backend_start::text = holder)";
    }

    @Override
    public void end(Connection connection, String holder, Duration timeout) throws SQLException {
        try (PreparedStatement terminate = connection.prepareStatement("select pg_terminate_backend(pid, ?)"
                + " from pg_stat_activity where pid || '/' || backend_start::text = ?")) {
            terminate.setLong(1, timeout.toMillis());
            terminate.setString(2, holder);
            terminate.execute();
        }
    }

    /** A session that has written nothing has no transaction number, and no need of the row. */
    @Override
    public String ledgerCommit(Slot slot, String name, @Nullable Xid xid) {
        return "do $reprise$ begin if pg_current_xact_id_if_assigned() is not null then update "
                + slot.ledger().table() + " set xid = '" + name + "' where slot = " + slot.number()
                + " and generation = " + slot.generation()
                + "; if not found then raise exception using errcode = '" + LedgerCommit.FENCED
                + "', message = 'The session was fenced';"
                + " end if; end if; end $reprise$; commit";
    }

    @Override
    public Commit commit(PhysicalConnection own, @Nullable Xid xid, CommitGuard guard) {
        return guard == CommitGuard.NATIVE
                ? new NativeCommit(own, checkpoints, xid)
                : Database.super.commit(own, xid, guard);
    }

    @Override
    public boolean gaveWay(SQLException e) {
        return "40P01".equals(e.getSQLState()) || "40001".equals(e.getSQLState());
    }

    /** lock_timeout or NOWAIT; cancelled, also by statement_timeout. */
    @Override
    public boolean isPassing(SQLException e) {
        return "55P03".equals(e.getSQLState()) || "57014".equals(e.getSQLState());
    }

    @Override
    public boolean statementFailureAbortsTransaction() {
        return true;
    }

    @Override
    public Optional<Unrepeatable> reasonAgainstRepeating(String sql) {
        return RepeatableSql.reasonAgainst(sql, SqlTokens.Dialect.POSTGRESQL);
    }
}

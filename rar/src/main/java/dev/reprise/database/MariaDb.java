// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.FaultTable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** MariaDB 10.6 and later through MariaDB Connector/J 3.5 and later. */
final class MariaDb implements Database {

    /** {@code jdbc:mariadb:[ha-mode:]//host[,host...]/...} */
    private static final Pattern URL = Pattern.compile("jdbc:(?:mariadb|mysql):([^/]*)//([^/?]*).*");

    /** The lock is free once the session has ended *and* its rollback is done. */
    private static final String OPEN = """
            select connection_id(), get_lock(?, 0), concat_ws('/', @@hostname, @@port, @@server_id), @@read_only,
                unix_timestamp() - uptime, log_position
            from (select max(if(variable_name = 'UPTIME', cast(variable_value as unsigned), 0)) uptime,
                    max(if(variable_name = 'INNODB_LSN_FLUSHED', cast(variable_value as unsigned), 0)) log_position
                from information_schema.global_status
                where variable_name in ('UPTIME', 'INNODB_LSN_FLUSHED')) status""";

    /** What a guarded commit says by SIGNAL; of states that the standard leaves to implementations. */
    private static final String FENCED = "40R01";

    private static final String NOTHING_THERE = "25R01";

    private static final int NO_SUCH_THREAD = 1094;

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
        var refusals = new ArrayList<String>();
        var matcher = URL.matcher(url);
        if (!matcher.matches()) {
            return List.of("url: must look like jdbc:mariadb://host:port/database");
        }
        if (!matcher.group(1).isEmpty()
                || matcher.group(2).contains(",")
                || matcher.group(2).contains("address=")) {
            refusals.add("url: the driver's high-availability modes and lists of hosts change the server inside a"
                    + " transaction; allowed is one host, jdbc:mariadb://host:port/database");
        }
        urlOptions(url).forEach((name, value) -> refuse(name, value, refusals));
        driverProperties.forEach((name, value) -> refuse(name, value, refusals));
        return refusals;
    }

    private static void refuse(String name, String value, List<String> refusals) {
        if (value.indexOf('&') >= 0) {
            refusals.add("driverProperties: the value of " + name
                    + " has a '&', which begins another option of the driver; allowed is a value without");
        }
        switch (name.toLowerCase(Locale.ROOT)) {
            case "transactionreplay" -> {
                if (!value.equalsIgnoreCase("false")) {
                    refusals.add("transactionReplay=" + value
                            + ": the driver's replay commits twice when the reply of a commit is lost;"
                            + " allowed is false, or leave it out");
                }
            }
            case "autocommit" -> {
                if (!value.equalsIgnoreCase("true")) {
                    refusals.add("autocommit=" + value + ": connections must begin in auto-commit mode;"
                            + " allowed is true, or leave it out");
                }
            }
            case "pinglobaltxtophysicalconnection" -> {
                if (!value.equalsIgnoreCase("false")) {
                    refusals.add("pinGlobalTxToPhysicalConnection=" + value
                            + ": branches are bound to their connection by the adapter; leave it out");
                }
            }
            case "password" ->
                refusals.add("password: must not stand in url or driverProperties;"
                        + " set the property password, or let the container sign on");
            default -> {}
        }
    }

    private static Map<String, String> urlOptions(String url) {
        var options = new LinkedHashMap<String, String>();
        int query = url.indexOf('?');
        if (query >= 0) {
            for (String option : url.substring(query + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                options.put(
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1));
            }
        }
        return options;
    }

    /** Connector/J takes its options in the URL; what the administrator wrote there wins. */
    @Override
    public Map<String, String> dataSourceProperties(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory) {
        var options = new LinkedHashMap<String, String>();
        options.put("connectTimeout", String.valueOf(connectTimeout.toMillis()));
        if (!socketFactory.isEmpty()) {
            options.put("socketFactory", socketFactory);
        }
        options.putAll(driverProperties);
        options.keySet().removeAll(urlOptions(url).keySet());
        var complete = new StringBuilder(url);
        options.forEach((name, value) -> complete.append(complete.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return Map.of("url", complete.toString());
    }

    @Override
    public Session open(Connection connection, String mark) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OPEN)) {
            select.setString(1, mark);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                String held = row.getInt(2) == 1 ? mark : "";
                return new Session(
                        row.getLong(1), held, row.getString(3), row.getLong(5), row.getLong(6), row.getInt(4) != 0);
            }
        }
    }

    @Override
    public void ping(Connection connection, Duration timeout) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("do 1");
        }
    }

    @Override
    public boolean fence(Connection control, Session controlSession, Session victim, Duration timeout)
            throws SQLException {
        if (!controlSession.continues(victim)) {
            return false;
        }
        if (victim.mark().isEmpty()) {
            return gone(control, victim, timeout);
        }
        kill(control, victim.mark(), victim.id());
        // a restarted server has undone all before it answers, and its connection numbers have begun anew
        return unlocked(control, victim.mark(), timeout)
                && (!controlSession.sameRun(victim) || gone(control, victim, timeout));
    }

    /**
     * Connection numbers begin anew when the server does, so one is only killed while it holds the mark. What seems to
     * be a restart is looked at, too: it may be that only the server's clock was put right.
     */
    private static void kill(Connection control, String mark, long session) throws SQLException {
        if (holder(control, mark) != session) {
            return;
        }
        try (var statement = control.createStatement()) {
            statement.execute("kill connection " + session);
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_THREAD) {
                throw e;
            }
        }
    }

    /** The number of the session that has this lock; 0 if none has. */
    private static long holder(Connection control, String lock) throws SQLException {
        try (PreparedStatement holder = control.prepareStatement("select is_used_lock(?)")) {
            holder.setString(1, lock);
            try (ResultSet row = holder.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static boolean unlocked(Connection control, String mark, Duration timeout) throws SQLException {
        try (PreparedStatement lock = control.prepareStatement("select get_lock(?, ?) = 1 and release_lock(?) = 1")) {
            lock.setString(1, mark);
            lock.setDouble(2, timeout.toMillis() / 1000.0);
            lock.setString(3, mark);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public Optional<String> preparer(Xid xid) {
        return Optional.of(lock(xid));
    }

    /** At most 64 characters, which is what the server allows. */
    static String lock(Xid xid) {
        return "reprise/" + UUID.nameUUIDFromBytes(Xids.text(xid).getBytes(StandardCharsets.US_ASCII));
    }

    /** Only a session that does not answer is ended thus: its own application server would have gone on. */
    @Override
    public void end(Connection connection, String holder, Duration timeout) throws SQLException {
        long session = holder(connection, holder);
        boolean held = session != 0 && session == holder(connection, holder); // and not only tried, by one like us
        if (held) {
            kill(connection, holder, session);
            unlocked(connection, holder, timeout);
        }
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
                + "; if row_count() = 0 then signal sqlstate '" + FENCED
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
        return TransactionSql.isIn(sql, savepoints, true);
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

    /** A session can lose its mark (RELEASE_ALL_LOCKS) and live on: only its absence from the list says that it ended. */
    private static boolean gone(Connection control, Session victim, Duration timeout) throws SQLException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (PreparedStatement list = control.prepareStatement(
                "select count(*), sleep(if(count(*) = 0, 0, 0.02)) from information_schema.processlist where id = ?")) {
            list.setLong(1, victim.id());
            do {
                try (ResultSet row = list.executeQuery()) {
                    if (row.next() && row.getInt(1) == 0) {
                        return true;
                    }
                }
            } while (System.nanoTime() < deadline);
        }
        return false;
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
}

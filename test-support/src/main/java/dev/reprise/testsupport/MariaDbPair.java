// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static dev.reprise.testsupport.DatabasePair.execute;
import static dev.reprise.testsupport.DatabasePair.query;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Asynchronous replication with GTIDs. A server that starts again is read-only, as administrators set it up. */
public final class MariaDbPair implements DatabasePair {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private MariaDb primary;
    private MariaDb replica;

    /** @param options of both; the binary log is on in any case */
    public MariaDbPair(MariaDbOptions options) throws SQLException {
        primary = server(options, 1);
        try {
            replica = server(options, 2);
            execute(primary, "set global read_only = 0");
            follow(replica, primary, "");
        } catch (SQLException | RuntimeException e) {
            primary.close();
            if (replica != null) {
                replica.close();
            }
            throw e;
        }
    }

    private static MariaDb server(MariaDbOptions options, int id) {
        return new EmbeddedMariaDb(options.withBinlog()
                .with(
                        "--server-id=" + id,
                        "--log-slave-updates",
                        "--relay-log=relay",
                        "--gtid-strict-mode",
                        "--skip-slave-start",
                        "--slave-net-timeout=5",
                        "--read-only"));
    }

    private static void follow(MariaDb follower, MariaDb leader, String demoted) throws SQLException {
        execute(
                follower,
                "set global read_only = 1",
                "set global rpl_semi_sync_master_enabled = 0",
                "change master to master_host = '%s', master_port = %d, master_user = '%s', master_password = '%s',"
                                .formatted(leader.host(), leader.port(), leader.rootUser(), leader.rootPassword())
                        + " master_ssl = 0, master_connect_retry = 1, master_use_gtid = slave_pos" + demoted,
                "start slave");
        awaitCaughtUp(leader, follower);
    }

    @Override
    public MariaDb primary() {
        return primary;
    }

    @Override
    public MariaDb replica() {
        return replica;
    }

    @Override
    public void awaitCaughtUp() throws SQLException {
        awaitCaughtUp(primary, replica);
    }

    private static void awaitCaughtUp(MariaDb leader, MariaDb follower) throws SQLException {
        String position = query(leader, "select @@gtid_binlog_pos");
        String wait = "select master_gtid_wait('" + position + "', " + LIMIT.toSeconds() + ")";
        if (!query(follower, wait).equals("0")) {
            throw new IllegalStateException("The replica does not come to " + position + ": " + status(follower));
        }
    }

    /** Why its threads do not run. */
    private static String status(MariaDb follower) throws SQLException {
        try (var connection = follower.administrator();
                var statement = connection.createStatement();
                var row = statement.executeQuery("show slave status")) {
            return row.next() ? row.getString("Last_IO_Error") + "; " + row.getString("Last_SQL_Error") : "none";
        }
    }

    private interface Condition {
        boolean of(ResultSet row) throws SQLException;
    }

    private static void awaitRow(MariaDb server, String query, Condition condition) throws SQLException {
        try (var connection = server.administrator();
                var statement = connection.createStatement()) {
            if (!Await.until(LIMIT, () -> is(statement, query, condition))) {
                throw new IllegalStateException("Not within " + LIMIT + ": " + query);
            }
        }
    }

    private static boolean is(Statement statement, String query, Condition condition) {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() && condition.of(row);
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    /** Waits for those who hold locks on tables, not for transactions. */
    @Override
    public void demote() throws SQLException {
        execute(primary, "set global read_only = 1");
    }

    /** Nor do others see it before. */
    @Override
    public void acknowledgeWhatIsCopied() throws SQLException {
        execute(replica, "set global rpl_semi_sync_slave_enabled = 1", "stop slave io_thread", "start slave io_thread");
        execute(
                primary,
                "set global rpl_semi_sync_master_wait_point = 'AFTER_SYNC'",
                "set global rpl_semi_sync_master_timeout = " + LIMIT.toMillis(),
                "set global rpl_semi_sync_master_enabled = 1");
        awaitRow(primary, "show status like 'Rpl_semi_sync_master_clients'", row -> row.getInt("Value") == 1);
    }

    @Override
    public void promote() throws SQLException {
        execute(replica, "stop slave io_thread");
        awaitRow(
                replica,
                "show slave status",
                row -> row.getString("Slave_SQL_Running").equals("No")
                        || String.valueOf(row.getString("Slave_SQL_Running_State")) // null between two of them
                                .startsWith("Slave has read all relay log"));
        execute(replica, "stop slave", "reset slave all", "set global read_only = 0");
        MariaDb former = primary;
        primary = replica;
        replica = former;
    }

    @Override
    public void rejoin() throws SQLException {
        if (!replica.isReady()) {
            replica.start();
        }
        follow(replica, primary, ", master_demote_to_slave = 1");
    }
}

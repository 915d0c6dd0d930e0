// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static dev.reprise.testsupport.DatabasePair.execute;
import static dev.reprise.testsupport.DatabasePair.query;

import java.sql.SQLException;
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

    /** Waits for those who hold locks on tables, not for transactions. */
    @Override
    public void demote() throws SQLException {
        execute(primary, "set global read_only = 1");
    }

    @Override
    public void promote() throws SQLException {
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

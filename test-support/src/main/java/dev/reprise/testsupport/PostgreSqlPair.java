// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static dev.reprise.testsupport.DatabasePair.execute;
import static dev.reprise.testsupport.DatabasePair.query;

import java.sql.SQLException;
import java.time.Duration;

/** Asynchronous streaming replication. */
public final class PostgreSqlPair implements DatabasePair {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private EmbeddedPostgreSql primary;
    private EmbeddedPostgreSql replica;

    /** @param options of both */
    public PostgreSqlPair(PostgreSqlOptions options) {
        PostgreSqlOptions kept = options.with("--wal-keep-size=64MB");
        primary = new EmbeddedPostgreSql(kept);
        try {
            primary.stop();
            replica = new EmbeddedPostgreSql(kept, primary);
            primary.start();
            replica.start();
        } catch (RuntimeException e) {
            primary.close();
            if (replica != null) {
                replica.close();
            }
            throw e;
        }
    }

    @Override
    public PostgreSql primary() {
        return primary;
    }

    @Override
    public PostgreSql replica() {
        return replica;
    }

    @Override
    public void awaitCaughtUp() throws SQLException {
        String position = query(primary, "select pg_current_wal_flush_lsn()");
        String reached = "select pg_last_wal_replay_lsn() >= '" + position + "'::pg_lsn";
        if (!Await.until(LIMIT, () -> isTrue(replica, reached))) {
            throw new IllegalStateException("The standby does not come to " + position);
        }
    }

    private static boolean isTrue(DatabaseServer server, String condition) {
        try {
            return query(server, condition).equals("t");
        } catch (SQLException e) {
            throw new IllegalStateException(condition, e);
        }
    }

    /** It ends when the standby has got all that it has written. */
    @Override
    public void demote() {
        primary.stop();
    }

    @Override
    public void acknowledgeWhatIsCopied() throws SQLException {
        execute(primary, "alter system set synchronous_standby_names = '*'", "select pg_reload_conf()");
        String count = "select count(*) = 1 from pg_stat_replication where sync_state = 'sync'";
        if (!Await.until(LIMIT, () -> isTrue(primary, count))) {
            throw new IllegalStateException("The standby is not synchronous");
        }
    }

    @Override
    public void promote() throws SQLException {
        execute(replica, "select pg_promote(true, " + LIMIT.toSeconds() + ")");
        if (!Await.until(LIMIT, () -> isTrue(replica, "select not pg_is_in_recovery()"))) {
            throw new IllegalStateException("The standby was not promoted");
        }
        EmbeddedPostgreSql former = primary;
        primary = replica;
        replica = former;
    }

    @Override
    public void rejoin() throws SQLException {
        replica.stop();
        replica.follow(primary);
        replica.start();
        awaitCaughtUp();
    }
}

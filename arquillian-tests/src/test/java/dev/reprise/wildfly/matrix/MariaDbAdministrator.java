// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.DatabaseServer;
import java.sql.SQLException;
import java.time.Duration;

/** Of MariaDB. */
final class MariaDbAdministrator extends Administrator {

    private static final Duration GONE = Duration.ofSeconds(20);
    private static final int NO_SUCH_THREAD = 1094;

    MariaDbAdministrator(DatabaseServer server) {
        super(server);
    }

    @Override
    String version() throws SQLException {
        return text("select concat('MariaDB ', version(), if(@@log_bin, ', binlog on', ', binlog off'))");
    }

    @Override
    void createTable(String name) throws SQLException {
        execute("create table " + name + " (id varchar(40) not null, key (id))");
    }

    @Override
    void createLedger() throws SQLException {
        execute("""
                create table reprise_slot (
                  slot       integer      not null auto_increment primary key,
                  generation bigint       not null,
                  owner      varchar(100) not null,
                  holder     varchar(100) not null,
                  xid        varchar(300) not null
                ) engine = innodb""");
    }

    @Override
    void terminate(long session) throws SQLException {
        kill("connection", session);
        await().atMost(GONE)
                .until(() -> number("select count(*) from information_schema.processlist where id = " + session) == 0);
    }

    @Override
    void cancel(long session) throws SQLException {
        kill("query", session);
    }

    private void kill(String what, long session) throws SQLException {
        try {
            execute("kill " + what + " " + session);
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_THREAD) {
                throw e;
            }
        }
    }

    @Override
    Hold hold(Call call) throws SQLException {
        return call == Call.STATEMENT
                ? hold("set lock_wait_timeout = 5", "lock tables " + Resource.TABLE + " write")
                : hold("set lock_wait_timeout = 5", "backup stage start", "backup stage block_commit");
    }

    @Override
    boolean waits(long session) throws SQLException {
        return number("select count(*) from information_schema.processlist where state like 'Waiting for%' and id = "
                        + session)
                > 0;
    }

    @Override
    void readOnly(boolean on) throws SQLException {
        execute("set global read_only = " + (on ? 1 : 0));
    }

    @Override
    long open() throws SQLException {
        long all = number("select count(*) from information_schema.innodb_trx where trx_rows_modified > 0");
        return Math.max(0, all - prepared().size());
    }
}

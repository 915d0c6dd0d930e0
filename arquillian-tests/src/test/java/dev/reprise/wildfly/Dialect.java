// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import java.sql.SQLException;
import java.util.List;

/** What a test has to say, or is told, differently on each database. */
public enum Dialect {
    MARIADB("XA PREPARE", "XA COMMIT", "XA PREPARE", "connection_id()", "current_user()", "sleep", List.of("08000")) {
        @Override
        String kill(long session) {
            return "kill connection " + session;
        }

        @Override
        String failure() {
            return "signal sqlstate '45000' set message_text = 'refused'";
        }

        @Override
        boolean isDeadlock(SQLException e) {
            return e.getErrorCode() == 1213;
        }

        @Override
        boolean isDuplicate(SQLException e) {
            return e.getErrorCode() == 1062;
        }

        @Override
        String isThere(long session) {
            return "select count(*) from information_schema.processlist where id = " + session;
        }

        @Override
        String openTransactions() {
            return "select count(*) from information_schema.innodb_trx where trx_mysql_thread_id <> 0";
        }

        @Override
        String recover() {
            return "XA RECOVER";
        }

        @Override
        List<String> foreign() {
            return List.of(
                    "xa start 'foreign','branch',4711",
                    "insert into row_of_test values (3, 'foreign')",
                    "xa end 'foreign','branch',4711",
                    "xa prepare 'foreign','branch',4711");
        }
    },
    POSTGRESQL(
            "PREPARE TRANSACTION",
            "COMMIT PREPARED",
            "COMMIT",
            "pg_backend_pid()",
            "current_user",
            "pg_sleep",
            List.of("08003", "08006", "57P01")) {
        @Override
        String kill(long session) {
            return "select pg_terminate_backend(" + session + ")";
        }

        @Override
        String failure() {
            return "do $$ begin raise exception 'refused' using errcode = '45000'; end $$";
        }

        @Override
        boolean isDeadlock(SQLException e) {
            return "40P01".equals(e.getSQLState());
        }

        @Override
        boolean isDuplicate(SQLException e) {
            return "23505".equals(e.getSQLState());
        }

        @Override
        String isThere(long session) {
            return "select count(*) from pg_stat_activity where pid = " + session;
        }

        @Override
        String openTransactions() {
            return "select count(*) from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()"
                    + " and backend_type = 'client backend'";
        }

        @Override
        String recover() {
            return "pg_prepared_xacts";
        }

        @Override
        List<String> foreign() {
            return List.of(
                    "begin",
                    "insert into row_of_test values (3, 'foreign')",
                    "prepare transaction '4711_Zm9yZWlnbg==_YnJhbmNo'");
        }
    };

    private final String prepare;
    private final String commitPrepared;
    private final String decision;
    private final String sessionId;
    private final String currentUser;
    private final String sleep;
    private final List<String> lost;

    Dialect(
            String prepare,
            String commitPrepared,
            String decision,
            String sessionId,
            String currentUser,
            String sleep,
            List<String> lost) {
        this.prepare = prepare;
        this.commitPrepared = commitPrepared;
        this.decision = decision;
        this.sessionId = sessionId;
        this.currentUser = currentUser;
        this.sleep = sleep;
        this.lost = lost;
    }

    /** Found in the request that prepares a branch, and in no other. */
    String prepare() {
        return prepare;
    }

    /** Found in the request that commits a prepared branch. */
    String commitPrepared() {
        return commitPrepared;
    }

    /** Found in the request that decides on a transaction with one resource: MariaDB's guard is to prepare it first. */
    String decision() {
        return decision;
    }

    String selectSessionId() {
        return "select " + sessionId;
    }

    String selectCurrentUser() {
        return "select " + currentUser;
    }

    String selectSleep(int seconds) {
        return "select " + sleep + "(" + seconds + ")";
    }

    /** The SQLStates of which an application is told one when its connection is lost. */
    String[] lost() {
        return lost.toArray(String[]::new);
    }

    abstract String kill(long session);

    /** A statement that fails with {@code refused}, for reasons of the application. */
    abstract String failure();

    abstract boolean isDeadlock(SQLException e);

    abstract boolean isDuplicate(SQLException e);

    /** A query: 1 or 0. */
    abstract String isThere(long session);

    /** A query: how many there are that have written something, or may have. */
    abstract String openTransactions();

    /** Found in the request that lists prepared branches. */
    abstract String recover();

    /** Statements of one session that leave a prepared branch, with a format id that no transaction manager here has. */
    abstract List<String> foreign();
}

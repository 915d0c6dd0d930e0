// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.util.List;

/** Which requests of the adapter and of the bank there are, and how an administrator looks after sessions. */
enum Dialect {
    MARIADB(
            "select id from information_schema.processlist where user = ?",
            "kill query %d",
            "select count(*) from information_schema.innodb_trx"),
    POSTGRESQL(
            "select pid from pg_stat_activity where usename = ?",
            "select pg_cancel_backend(%d)",
            "select count(*) from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()");

    private final String sessions;
    private final String cancel;
    private final String transactions;

    Dialect(String sessions, String cancel, String transactions) {
        this.sessions = sessions;
        this.cancel = cancel;
        this.transactions = transactions;
    }

    /** Texts in requests at which a fault can happen. */
    List<String> requests() {
        return switch (this) {
            case MARIADB ->
                List.of("insert into transfer", "update account", "xa start", "xa end", "xa prepare", "xa commit");
            case POSTGRESQL ->
                List.of("insert into transfer", "update account", "begin", "prepare transaction", "commit");
        };
    }

    /** A query for the sessions of a user. */
    String sessions() {
        return sessions;
    }

    /** Ends the statement of a session. */
    String cancel(long session) {
        return cancel.formatted(session);
    }

    /** A query for the number of open transactions. */
    String transactions() {
        return transactions;
    }
}

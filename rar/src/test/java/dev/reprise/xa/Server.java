// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;

/** A database for the tests, and the words that it uses. */
public enum Server {
    MARIADB(
            "org.mariadb.jdbc.MariaDbDataSource",
            "select connection_id()",
            "select count(*) from information_schema.processlist where id = ",
            "kill ",
            new Words("xa prepare", "xa commit", "xa rollback", "xa rollback", "xa recover"),
            "ledger-mariadb.sql") {
        @Override
        public DatabaseServer start() {
            return TestDatabase.mariaDb();
        }

        @Override
        FaultProxy proxy() {
            return FaultProxy.of(TestDatabase.mariaDb());
        }
    },
    POSTGRESQL(
            "org.postgresql.xa.PGXADataSource",
            "select pg_backend_pid()",
            "select count(*) from pg_stat_activity where pid = ",
            "select pg_terminate_backend(%d)",
            new Words("prepare transaction", "commit prepared", "rollback", "rollback prepared", "pg_prepared_xacts"),
            "ledger-postgresql.sql") {
        @Override
        public DatabaseServer start() {
            return TestDatabase.postgreSql();
        }

        @Override
        FaultProxy proxy() {
            return FaultProxy.of(TestDatabase.postgreSql());
        }
    };

    private final String dataSource;
    private final String session;
    private final String count;
    private final String kill;

    @SuppressWarnings("ImmutableEnumChecker") // a record of strings
    private final Words words;

    private final String ledger;

    /** By which requests are known on the wire. */
    record Words(String prepare, String commitPrepared, String rollback, String rollbackPrepared, String recover) {}

    Server(String dataSource, String session, String count, String kill, Words words, String ledger) {
        this.dataSource = dataSource;
        this.session = session;
        this.count = count;
        this.kill = kill;
        this.words = words;
        this.ledger = ledger;
    }

    /** The one that all tests share; it is started when it is first asked for. */
    public abstract DatabaseServer start();

    abstract FaultProxy proxy();

    /** Empty, on a port of its own. */
    DatabaseServer startAnother() {
        return this == MARIADB
                ? MariaDb.start(MariaDbOptions.defaults())
                : PostgreSql.start(PostgreSqlOptions.defaults());
    }

    Words words() {
        return words;
    }

    String dataSource() {
        return dataSource;
    }

    /** The query that gives the number of the session. */
    String sessionQuery() {
        return session;
    }

    boolean lives(long number) throws SQLException {
        return TestDatabase.number(start(), count + number) > 0;
    }

    void kill(long number) throws SQLException {
        String statement = kill.contains("%d") ? kill.formatted(number) : kill + number;
        TestDatabase.execute(start(), statement);
    }

    /** Whether it lists the branch. */
    boolean prepared(BranchId xid) throws SQLException {
        String global = xid.transaction();
        String branch = xid.branch();
        String name = this == MARIADB
                ? "'%s','%s',%d".formatted(global, branch, xid.format())
                : "%d_%s_%s".formatted(xid.format(), base64(global), base64(branch));
        return start().preparedXids().contains(name);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Nobody waits for a lock for more than a second. */
    String impatient() {
        return this == MARIADB ? "set innodb_lock_wait_timeout = 1" : "set lock_timeout = '1s'";
    }

    /** Takes longer than anybody waits. */
    String sleep() {
        return this == MARIADB ? "select sleep(300)" : "select pg_sleep(300)";
    }

    /** Ends what the session is doing, and leaves the session. */
    String interrupt(long number) {
        return (this == MARIADB ? "kill query %d" : "select pg_cancel_backend(%d)").formatted(number);
    }

    /** What administrators are given, for a table of this name. */
    String slots(String table) {
        try {
            return Files.readString(Path.of("../docs", ledger))
                    .replace("create table reprise_slot", "create table if not exists " + table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What makes all later transactions of a session read-only. */
    String readOnly() {
        return this == MARIADB
                ? "set session transaction read only"
                : "set session characteristics as transaction read only";
    }

    /** As the ordinary user, who owns them. */
    void createTables() throws SQLException {
        createTables(start());
    }

    void createTables(DatabaseServer where) throws SQLException {
        try (var connection = where.connect();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists work");
            statement.execute("create table work (name varchar(100) primary key, n int not null default 0)");
            statement.execute(slots("slots"));
        }
    }
}

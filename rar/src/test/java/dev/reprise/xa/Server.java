// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import java.sql.SQLException;

/** A database for the tests, and the words that it uses. */
public enum Server {
    MARIADB(
            "org.mariadb.jdbc.MariaDbDataSource",
            "select connection_id()",
            "select count(*) from information_schema.processlist where id = ",
            "kill ",
            """
            create table if not exists %s (
                slot       integer      not null auto_increment primary key,
                generation bigint       not null,
                owner      varchar(100) not null,
                holder     varchar(100) not null,
                xid        varchar(300) not null
            ) engine = innodb""") {
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
            """
            create table if not exists %s (
                slot       integer      generated always as identity primary key,
                generation bigint       not null,
                owner      varchar(100) not null,
                holder     varchar(100) not null,
                xid        varchar(300) not null
            )""") {
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
    private final String slots;

    Server(String dataSource, String session, String count, String kill, String slots) {
        this.dataSource = dataSource;
        this.session = session;
        this.count = count;
        this.kill = kill;
        this.slots = slots;
    }

    /** The one that all tests share; it is started when it is first asked for. */
    public abstract DatabaseServer start();

    abstract FaultProxy proxy();

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

    /** Ends what the session is doing, and leaves the session. */
    String interrupt(long number) {
        return (this == MARIADB ? "kill query %d" : "select pg_cancel_backend(%d)").formatted(number);
    }

    /** As the README has it. */
    String slots(String table) {
        return slots.formatted(table);
    }

    /** What makes all later transactions of a session read-only. */
    String readOnly() {
        return this == MARIADB
                ? "set session transaction read only"
                : "set session characteristics as transaction read only";
    }

    /** As the ordinary user, who owns them. */
    void createTables() throws SQLException {
        try (var connection = start().connect();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists work");
            statement.execute("create table work (name varchar(100) primary key, n int not null default 0)");
            statement.execute(slots("slots"));
        }
    }
}

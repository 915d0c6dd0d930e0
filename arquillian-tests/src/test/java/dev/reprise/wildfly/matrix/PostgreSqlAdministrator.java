// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.DatabaseServer;
import java.sql.SQLException;
import java.time.Duration;

/** Of PostgreSQL. */
final class PostgreSqlAdministrator extends Administrator {

    private static final Duration GONE = Duration.ofSeconds(20);

    /** What commits wait for. */
    private static final String GATE = "4711";

    PostgreSqlAdministrator(DatabaseServer server) {
        super(server);
    }

    @Override
    String version() throws SQLException {
        return "PostgreSQL " + text("show server_version");
    }

    /**
     * Constraints that are deferred are checked by PREPARE and COMMIT: the table under test has one that waits. Its lock
     * stays with a branch that is prepared.
     */
    @Override
    void createTable(String name) throws SQLException {
        execute(
                "create table " + name + " (id varchar(40) not null)",
                "create index on " + name + " (id)",
                "grant all on " + name + " to " + server().user());
        if (name.equals(Resource.TABLE)) {
            execute(
                    """
                    create function pass_the_gate() returns trigger language plpgsql as $$
                    begin
                      perform pg_advisory_xact_lock_shared(%s);
                      return null;
                    end $$""".formatted(GATE),
                    "create constraint trigger gate after insert on " + name
                            + " deferrable initially deferred for each row execute function pass_the_gate()");
        }
    }

    @Override
    void createLedger() throws SQLException {
        execute("""
                create table reprise_slot (
                  slot       integer      generated always as identity primary key,
                  generation bigint       not null,
                  owner      varchar(100) not null,
                  holder     varchar(100) not null,
                  xid        varchar(300) not null
                )""", "grant select, insert, update on reprise_slot to " + server().user());
    }

    @Override
    void terminate(long session) throws SQLException {
        number("select count(pg_terminate_backend(pid)) from pg_stat_activity where pid = " + session);
        await().atMost(GONE).until(() -> number("select count(*) from pg_stat_activity where pid = " + session) == 0);
    }

    @Override
    void cancel(long session) throws SQLException {
        number("select count(pg_cancel_backend(pid)) from pg_stat_activity where pid = " + session);
    }

    @Override
    Hold hold(Call call) throws SQLException {
        return call == Call.STATEMENT
                ? hold("begin", "lock table " + Resource.TABLE + " in exclusive mode")
                : hold("select pg_advisory_lock(" + GATE + ")");
    }

    @Override
    boolean waits(long session) throws SQLException {
        return number("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and pid = " + session) > 0;
    }

    @Override
    void readOnly(boolean on) {
        throw new UnsupportedOperationException("only transactions that begin later would be");
    }

    @Override
    long open() throws SQLException {
        return number(
                "select count(*) from pg_stat_activity where backend_xid is not null and backend_type = 'client backend'");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.PostgreSql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the rights of an ordinary user. */
class PostgreSqlFenceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String DATA_SOURCE = "org.postgresql.xa.PGXADataSource";

    private final PostgreSql server = TestDatabase.postgreSql();
    private final Database database = Database.of(DATA_SOURCE);
    private PhysicalConnection victim;
    private PhysicalConnection control;

    private PhysicalConnection open() throws SQLException {
        return new Connector(database, DATA_SOURCE, server.jdbcUrl(), Map.of(), TIMEOUT)
                .open(server.user(), server.password(), 1);
    }

    @BeforeEach
    void openBoth() throws SQLException {
        victim = open();
        control = open();
        Sessions.execute(control, "create table if not exists fenced (id int primary key)");
    }

    @AfterEach
    void close() throws SQLException {
        Sessions.close(victim);
        TestDatabase.execute(server, "drop table fenced");
        Sessions.close(control);
    }

    private boolean fence(Session session) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> database.fence(control.connection(), control.session(), session, TIMEOUT));
    }

    private boolean isAlive(Session session) throws SQLException {
        return TestDatabase.number(server, "select count(*) from pg_stat_activity where pid = " + session.id()) > 0;
    }

    @Test
    void theSessionIsGoneAndItsWorkUndone() throws SQLException {
        victim.connection().setAutoCommit(false);
        Sessions.execute(victim, "insert into fenced values (1)");

        assertThat(fence(victim.session())).isTrue();

        assertThat(isAlive(victim.session())).isFalse();
        Sessions.execute(control, "insert into fenced values (1)");
    }

    @Test
    void aSessionThatIsGoneAlreadyIsGone() throws SQLException {
        TestDatabase.execute(
                server, "select pg_terminate_backend(" + victim.session().id() + ", 5000)");

        assertThat(fence(victim.session())).isTrue();
    }

    /** Process numbers are used again. */
    @Test
    void anInnocentSessionWithTheSameNumberIsNotEnded() throws SQLException {
        Session before = victim.session();
        var dead = new Session(
                before.id(),
                "2001-01-01 00:00:00+00",
                before.server(),
                before.startedAt(),
                before.position(),
                before.readOnly());

        assertThat(fence(dead)).isTrue();

        assertThat(isAlive(before)).isTrue();
    }

    @Test
    void anotherServerAnotherTimelineAndAShorterLogCanSayNothing() throws SQLException {
        Session session = victim.session();
        assertThat(fence(like(session, session.server() + "0", session.position())))
                .isFalse();
        assertThat(fence(like(session, session.server(), Long.MAX_VALUE))).isFalse();
        assertThat(isAlive(session)).isTrue();
    }

    private static Session like(Session session, String server, long position) {
        return new Session(session.id(), session.mark(), server, session.startedAt(), position, session.readOnly());
    }

    @Test
    void aRestartedServerHasNoneOfItsOldSessions() throws SQLException {
        server.restart();
        control = open();

        assertThat(fence(victim.session())).isTrue();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Sessions.execute(victim, "select 1"));
    }

    @Test
    void aSessionIsEndedByTheNameThatTheLedgerHasOfIt() throws SQLException {
        database.end(control.connection(), database.holder(victim.session()), TIMEOUT);

        assertThat(isAlive(victim.session())).isFalse();
        assertThat(isAlive(control.session())).isTrue();
    }
}

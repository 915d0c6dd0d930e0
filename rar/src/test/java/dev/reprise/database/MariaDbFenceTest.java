// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MariaDbFenceTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final MariaDb database = new MariaDb();
    private PhysicalConnection victim;
    private PhysicalConnection control;

    @BeforeEach
    void open() throws SQLException {
        TestDatabase.execute("create or replace table fenced (id int primary key) engine=innodb");
        victim = Sessions.direct();
        control = Sessions.direct();
    }

    @AfterEach
    void close() throws SQLException {
        Sessions.close(victim);
        Sessions.close(control);
        TestDatabase.execute("drop table fenced");
    }

    private boolean fence(Session session, Duration timeout) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> database.fence(control.connection(), control.session(), session, timeout));
    }

    private static Session like(Session session, long id, String mark) {
        return new Session(id, mark, session.server(), session.startedAt(), session.position(), session.readOnly());
    }

    private static boolean isAlive(PhysicalConnection connection) throws SQLException {
        Sessions.execute(connection, "do 1");
        return Sessions.isOnServer(connection.session());
    }

    @Test
    void theSessionIsGoneAndItsWorkUndone() throws SQLException {
        Sessions.execute(victim, "xa start 'fenced'");
        Sessions.execute(victim, "insert into fenced values (1)");
        assertThat(fence(victim.session(), TIMEOUT)).isTrue();
        assertThat(Sessions.isOnServer(victim.session())).isFalse();
        Sessions.execute(control, "set innodb_lock_wait_timeout = 0");
        Sessions.execute(control, "insert into fenced values (1)");
    }

    @Test
    void aSessionInsideAStatementIsEndedToo() throws SQLException {
        var running = new Thread(() -> {
            try {
                Sessions.execute(victim, "select sleep(60)");
            } catch (SQLException e) {
                assertThat(e.getSQLState()).startsWith("08");
            }
        });
        running.start();
        assertThat(fence(victim.session(), TIMEOUT)).isTrue();
        await().atMost(TIMEOUT).until(() -> !running.isAlive());
    }

    @Test
    void aPreparedBranchOutlivesItsSessionAndCanBeDecided() throws SQLException {
        Sessions.execute(victim, "xa start 'fenced'");
        Sessions.execute(victim, "insert into fenced values (1)");
        Sessions.execute(victim, "xa end 'fenced'");
        Sessions.execute(victim, "xa prepare 'fenced'");
        assertThat(fence(victim.session(), TIMEOUT)).isTrue();
        Sessions.execute(control, "xa commit 'fenced'");
        assertThat(TestDatabase.number("select count(*) from fenced")).isEqualTo(1);
    }

    @Test
    void theLockOfTheFenceIsNotKept() throws SQLException {
        assertThat(fence(victim.session(), TIMEOUT)).isTrue();
        assertThat(TestDatabase.number(
                        "select coalesce(is_used_lock('" + victim.session().mark() + "'), 0)"))
                .isZero();
    }

    @Test
    void aSessionThatIsGoneAlreadyIsGone() throws SQLException {
        TestDatabase.kill(victim.session().id());
        assertThat(fence(victim.session(), TIMEOUT)).isTrue();
    }

    @Test
    void aSessionThatReleasedItsLocksIsNotTakenForGone() throws SQLException {
        Sessions.execute(victim, "do release_all_locks()");
        assertThat(fence(victim.session(), SHORT)).isFalse();
        assertThat(isAlive(victim)).isTrue();
        TestDatabase.kill(victim.session().id());
        assertThat(fence(victim.session(), SHORT)).isTrue();
    }

    @Test
    void aSessionThatNeverHadItsMarkIsNotKilledAndOnlyGoneWhenItIsNotListed() throws SQLException {
        Session unmarked = like(victim.session(), victim.session().id(), "");
        assertThat(fence(unmarked, SHORT)).isFalse();
        assertThat(isAlive(victim)).isTrue();
        TestDatabase.kill(victim.session().id());
        assertThat(fence(unmarked, SHORT)).isTrue();
    }

    @Test
    void anInnocentSessionWithTheSameNumberIsNotKilled() throws SQLException {
        Session dead = like(victim.session(), victim.session().id(), "reprise/of-a-session-before-the-restart");
        assertThat(fence(dead, SHORT)).isFalse();
        assertThat(isAlive(victim)).isTrue();
    }

    @Test
    void aSessionWasTakenForGoneWhenTheClockOfItsServerWasPutRight() throws SQLException {
        Session before = victim.session();
        Session byTheOldClock = new Session(
                before.id(),
                before.mark(),
                before.server(),
                before.startedAt() - 3_600,
                before.position(),
                before.readOnly());
        assertThat(fence(byTheOldClock, TIMEOUT)).isTrue();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> isAlive(victim));
    }

    @Test
    void aSessionWithoutItsMarkWasTakenForGoneWhenTheClockOfItsServerWasPutRight() throws SQLException {
        Session before = victim.session();
        Session byTheOldClock = new Session(
                before.id(), "", before.server(), before.startedAt() - 3_600, before.position(), before.readOnly());
        assertThat(fence(byTheOldClock, SHORT)).isFalse();
        assertThat(isAlive(victim)).isTrue();
    }

    @Test
    void anotherServerCanSayNothing() throws SQLException {
        Session elsewhere = new Session(
                victim.session().id(),
                victim.session().mark(),
                "other/3306/1",
                victim.session().startedAt(),
                victim.session().position(),
                false);
        assertThat(fence(elsewhere, TIMEOUT)).isFalse();
        assertThat(isAlive(victim)).isTrue();
    }

    /** Whoever held the lock first is not waited for without an end. */
    @Test
    void aMarkThatSomebodyElseHoldsIsWaitedForNoLongerThanAllowed() throws SQLException {
        PhysicalConnection thief = Sessions.direct();
        Sessions.execute(victim, "do release_all_locks()");
        Sessions.execute(thief, "do get_lock('" + victim.session().mark() + "', 0)");
        assertThat(fence(victim.session(), SHORT)).isFalse();
        assertThat(isAlive(thief)).isTrue();
        assertThat(isAlive(victim)).isTrue();
        Sessions.close(thief);
    }

    /** Its sessions are gone, and undone before it answers again; numbers begin anew. */
    @Test
    void aRestartedServerHasNoneOfItsOldSessions() throws SQLException {
        await().atMost(TIMEOUT)
                .until(() -> TestDatabase.number("select variable_value from information_schema.global_status where"
                                + " variable_name = 'UPTIME'")
                        > 4);
        TestDatabase.mariaDb().restart();
        control = Sessions.direct();
        assertThat(control.session().sameRun(victim.session())).isFalse();
        Session sameNumber =
                like(victim.session(), control.session().id(), victim.session().mark());
        assertThat(fence(sameNumber, TIMEOUT)).isTrue();
        assertThat(isAlive(control)).isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.Pause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * WildFly dies, and the databases do not learn of it: its sessions live on there, with their locks. The next JVM finds
 * them by what the one before has left.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class HalfOpenIT {

    private static final Duration REACHED = Duration.ofMinutes(1);
    private static final Duration RECOVERED = Duration.ofMinutes(1);

    /** Whoever lists a branch may be the one that has to finish it; these sign on as another user for it. */
    private static final List<Link> WITH_RECOVERER = List.of(Link.SECOND, Link.POSTGRESQL_SECOND);

    private CrashingWildFly server;

    @BeforeAll
    void open() throws Exception {
        server = new CrashingWildFly("halfopen");
    }

    @AfterAll
    void close() {
        server.close();
    }

    @BeforeEach
    void clear() throws Exception {
        WITH_RECOVERER.forEach(link -> server.proxy(link).refuse());
        server.start();
        Rows.clear();
    }

    @AfterEach
    void endSessions() throws Exception {
        server.endSessions();
        WITH_RECOVERER.forEach(link -> server.proxy(link).accept());
        Rows.awaitNonePrepared();
        Ledgers.drop();
    }

    @ParameterizedTest
    @CsvSource({"REPRISE, POSTGRESQL", "POSTGRESQL, REPRISE"})
    void preparedBranchIsCommittedAlthoughItsSessionLives(Link first, Link second) throws Exception {
        killAt(first.dialect().commitPrepared(), first, first, second);
        assertThat(Rows.prepared()).isEqualTo(2);
        server.start();
        await().atMost(RECOVERED).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
        Rows.awaitNonePrepared();
    }

    @Test
    @Disabled(
            "Recovery as a user without CONNECTION ADMIN may not end the session of the application's user (KILL: 1095),"
                    + " and the adapter does not try it as that one")
    void preparedBranchIsCommittedByTheUserOfTheRecovery() throws Exception {
        WITH_RECOVERER.forEach(link -> server.proxy(link).accept());
        List.of(Link.REPRISE, Link.POSTGRESQL)
                .forEach(link -> server.proxy(link)
                        .onRequest(link.dialect().recover())
                        .times(1000)
                        .cutBefore());
        preparedBranchIsCommittedAlthoughItsSessionLives(Link.SECOND, Link.POSTGRESQL_SECOND);
    }

    @ParameterizedTest
    @CsvSource({"REPRISE, POSTGRESQL", "POSTGRESQL, REPRISE"})
    void preparedBranchIsRolledBackAlthoughItsSessionLives(Link first, Link second) throws Exception {
        killAt(second.dialect().prepare(), second, first, second);
        assertThat(Rows.prepared()).isOne();
        server.start();
        Rows.awaitNonePrepared();
        await().atMost(RECOVERED).untilAsserted(() -> Rows.insertPastTheProxies(first));
    }

    /** With a ledger, in which each session is named. */
    @ParameterizedTest
    @CsvSource({"REPRISE, POSTGRESQL", "POSTGRESQL, REPRISE"})
    void locksOfAnUnpreparedBranchAreFreed(Link first, Link second) throws Exception {
        server.endSessions();
        awaitRecoveryIn(first);
        awaitRecoveryIn(second);
        Ledgers.create();
        killAt(first.dialect().prepare(), first, first, second);
        assertThat(Rows.prepared()).isZero();
        await().atMost(REACHED)
                .untilAsserted(() -> assertThat(Rows.openTransactions()).isEqualTo(2));
        server.start();
        assertThat(server.transaction("link=" + first + "&link=" + second).get())
                .isEqualTo(200);
        assertThat(Rows.stored()).isEqualTo(2);
        await().atMost(RECOVERED)
                .untilAsserted(() -> assertThat(Rows.openTransactions()).isZero());
    }

    /** While it opens its connection it has a transaction in the ledger, which nobody finds if that is left half open. */
    private void awaitRecoveryIn(Link link) {
        Pause recovery = server.proxy(link).onRequest(link.dialect().recover()).pauseBefore();
        recovery.awaitReached(REACHED);
        recovery.release();
    }

    private void killAt(String request, Link link, Link first, Link second) {
        FaultProxy proxy = server.proxy(link);
        var stalled = proxy.onRequest(request).stallBefore();
        var answer = server.transaction("link=" + first + "&link=" + second);
        stalled.awaitHit(REACHED);
        server.killLeavingSessions();
        await().atMost(REACHED).until(answer::isDone);
        assertThat(answer).isCompletedExceptionally();
        assertThat(server.proxy(first).connections()).isPositive();
        assertThat(server.proxy(second).connections()).isPositive();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.Opened;
import dev.reprise.testsupport.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two servers on the same databases: recovery sees the branches of both, and each finishes only its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class TwoNodesIT {

    private static final Duration REACHED = Duration.ofMinutes(1);

    /** A branch that nobody owns is rolled back in the second scan that sees it. */
    private static final int SCANS = 4;

    private final Opened opened = new Opened();
    private CrashingWildFly one;
    private CrashingWildFly other;

    @BeforeAll
    void open() throws Exception {
        one = opened.keep(new CrashingWildFly("one"));
        other = opened.keep(new CrashingWildFly("other"));
    }

    @AfterAll
    void close() {
        opened.close();
    }

    @BeforeEach
    void clear() throws Exception {
        one.start();
        Rows.clear();
    }

    /** Between prepare and commit; it then goes on as if nothing had been. */
    @ParameterizedTest
    @CsvSource({"REPRISE, POSTGRESQL", "POSTGRESQL, REPRISE"})
    void branchesInFlightAreLeftAlone(Link first, Link second) throws Exception {
        Pause pause =
                one.proxy(first).onRequest(first.dialect().commitPrepared()).pauseBefore();
        var answer = one.transaction("link=" + first + "&link=" + second);
        pause.awaitReached(REACHED);
        letScan(other);
        assertThat(Rows.prepared()).isEqualTo(2);
        assertThat(answer).isNotDone();
        pause.release();
        await().atMost(REACHED).until(answer::isDone);
        assertThat(answer.get()).isEqualTo(200);
        assertThat(Rows.prepared()).isZero();
        assertThat(Rows.stored()).isEqualTo(2);
    }

    /** Its own server finishes them when it comes back. */
    @Test
    void branchesOfADeadServerAreLeftToIt() throws Exception {
        Pause pause = one.proxy(Link.REPRISE)
                .onRequest(Link.REPRISE.dialect().commitPrepared())
                .pauseBefore();
        var answer = one.transaction("link=REPRISE&link=POSTGRESQL");
        pause.awaitReached(REACHED);
        one.kill();
        await().atMost(REACHED).until(answer::isDone);
        letScan(other);
        assertThat(Rows.prepared()).isEqualTo(2);
        one.start();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
        Rows.awaitNonePrepared();
    }

    /** Of another transaction manager, or made by hand. */
    @Test
    void foreignBranchesAreLeftAlone() throws Exception {
        for (Link link : List.of(Link.REPRISE, Link.POSTGRESQL)) {
            prepareForeign(link.dialect());
        }
        try {
            letScan(one);
            letScan(other);
            assertThat(Rows.prepared()).isEqualTo(2);
        } finally {
            for (Dialect dialect : Dialect.values()) {
                var database = Stage.databases().get(dialect);
                for (String xid : database.preparedXids()) {
                    database.rollBackPrepared(xid);
                }
            }
        }
        assertThat(Rows.stored()).isZero();
    }

    private static void prepareForeign(Dialect dialect) throws SQLException {
        try (Connection connection = Stage.databases().get(dialect).connect();
                Statement statement = connection.createStatement()) {
            for (String sql : dialect.foreign()) {
                statement.execute(sql);
            }
        }
    }

    private static void letScan(CrashingWildFly server) {
        for (int i = 0; i < SCANS; i++) {
            for (Link link : List.of(Link.REPRISE, Link.POSTGRESQL)) {
                Pause scan =
                        server.proxy(link).onRequest(link.dialect().recover()).pauseBefore();
                scan.awaitReached(REACHED);
                scan.release();
            }
        }
    }
}

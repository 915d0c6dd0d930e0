// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.testsupport.Opened;
import dev.reprise.testsupport.Trigger;
import dev.reprise.wildfly.Byteman.Place;
import dev.reprise.wildfly.CrashPoint.InCode;
import dev.reprise.wildfly.CrashPoint.Kind;
import dev.reprise.wildfly.CrashPoint.OnTheLink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A WildFly that is killed in mid-transaction and started again: both rows or none as the point says, nothing left
 * prepared, no transaction left open. {@code -Pcrashes} passes all points instead of a representative set.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class CrashIT {

    private static final Duration REACHED = Duration.ofMinutes(1);
    private static final Duration RECOVERED = Duration.ofMinutes(1);

    /** In which recovery has scanned several times. */
    private static final Duration SCANNED = Duration.ofSeconds(15);

    /** Recovery that sees no branch. */
    private static final String BLIND = "blind";

    private final Opened opened = new Opened();
    private CrashingWildFly server;
    private Byteman rules;

    /** Of these, those that {@code -Dcrashes.point} (a regular expression) names. */
    static List<CrashPoint> points() {
        return CrashPoints.named(
                System.getProperty("crashes.point", ""),
                Boolean.getBoolean("reprise.full") ? CrashPoints.all() : CrashPoints.representative());
    }

    @BeforeAll
    void open(@TempDir Path folder) throws Exception {
        rules = new Byteman(folder);
        for (InCode code : CrashPoints.inCode(points())) {
            rules.ruleAtCall(code.call(), code.toString(), code.place(), "killJVM()");
        }
        rules.rule(
                BLIND,
                new Place("dev.reprise.xa.BranchResource", "recover", "AT ENTRY"),
                "RETURN new javax.transaction.xa.Xid[0]");
        server = opened.keep(new CrashingWildFly("crash", rules.agent()));
    }

    @AfterAll
    void close() {
        opened.close();
    }

    @BeforeEach
    void clear() throws Exception {
        server.start();
        Rows.clear();
    }

    @ParameterizedTest
    @MethodSource("points")
    void bothRowsOrNone(CrashPoint point) throws Exception {
        crash(point);
        server.start();
        awaitSettled(point, RECOVERED);
    }

    /** The test of the test: a decision that recovery does not carry out does not go unnoticed. */
    @Test
    void recoveryThatSeesNothingIsNoticed() throws Exception {
        rules.on(BLIND);
        var point = new CrashPoint(
                Kind.TWO_PHASE,
                List.of(Link.REPRISE, Link.POSTGRESQL),
                new OnTheLink(Link.REPRISE, Link.REPRISE.dialect().commitPrepared(), FaultKind.PAUSE_BEFORE),
                2,
                2);
        crash(point);
        server.start();
        assertThatThrownBy(() -> awaitSettled(point, SCANNED)).isInstanceOf(ConditionTimeoutException.class);
        rules.off(BLIND);
        Rows.awaitNonePrepared();
    }

    /** The caller must not have been told anything: each point comes before the transaction manager returns. */
    private void crash(CrashPoint point) {
        if (point.kind() == Kind.NOT_PREPARED) {
            Link second = point.links().get(1);
            server.proxy(second).onRequest(second.dialect().prepare()).cutBefore();
        }
        CompletableFuture<Integer> answer =
                point.trap() instanceof OnTheLink onTheLink ? kill(point, onTheLink) : halt(point);
        await().atMost(REACHED).until(answer::isDone);
        assertThat(answer).isCompletedExceptionally();
        await().atMost(REACHED).untilAsserted(() -> assertThat(Rows.prepared()).isEqualTo(point.prepared()));
    }

    private CompletableFuture<Integer> halt(CrashPoint point) {
        String rule = point.trap().toString();
        rules.on(rule);
        CompletableFuture<Integer> answer = server.transaction(point.query());
        server.awaitDeath(REACHED);
        rules.off(rule);
        return answer;
    }

    /** A request that is held must not go on its way when it is let go. */
    private CompletableFuture<Integer> kill(CrashPoint point, OnTheLink trap) {
        var request = server.proxy(trap.link()).onRequest(trap.request());
        Trigger fault = trap.fault() == FaultKind.PAUSE_BEFORE ? request.pauseBefore() : request.loseReplyAndStall();
        CompletableFuture<Integer> answer = server.transaction(point.query());
        fault.awaitHit(REACHED);
        assertThat(answer).isNotDone();
        server.kill();
        return answer;
    }

    private static void awaitSettled(CrashPoint point, Duration bound) {
        await().atMost(bound).untilAsserted(() -> {
            assertThat(Rows.prepared()).isZero();
            assertThat(Rows.stored()).isEqualTo(point.rows());
            assertThat(Rows.openTransactions()).isZero();
        });
    }
}

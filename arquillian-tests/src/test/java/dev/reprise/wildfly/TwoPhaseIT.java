// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One transaction on two data sources, and a lost PREPARE or a lost COMMIT of one of them: both rows or none. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class TwoPhaseIT {

    private static final Duration RECOVERED = Duration.ofSeconds(90);

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Resource
    private ManagedExecutorService executor;

    @Deployment
    static WebArchive application() {
        return Application.with(TwoPhaseIT.class, Told.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.REPRISE;
    }

    /** The same database, with another user for recovery and short patience. */
    Link second() {
        return Link.SECOND;
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @AfterEach
    void nothingIsLeftPrepared() {
        Rows.awaitNonePrepared();
    }

    @Test
    void lostPrepareOfTheFirstRollsBackBoth() throws Exception {
        lostPrepareRollsBackBoth(link(), FaultKind.CUT_BEFORE);
        lostPrepareRollsBackBoth(link(), FaultKind.CUT_AFTER);
    }

    @Test
    void lostPrepareOfTheSecondRollsBackBoth() throws Exception {
        lostPrepareRollsBackBoth(second(), FaultKind.CUT_BEFORE);
        lostPrepareRollsBackBoth(second(), FaultKind.CUT_AFTER);
    }

    /** The old session lives on and has to be ended first. {@link #second} waits for two seconds. */
    @Test
    void stalledPrepareRollsBackBoth() throws Exception {
        lostPrepareRollsBackBoth(second(), FaultKind.STALL_BEFORE);
        lostPrepareRollsBackBoth(second(), FaultKind.LOSE_REPLY_AND_STALL);
    }

    @Test
    void lostPrepareIsRetriedOnTheSameRowsAtOnce() throws Exception {
        for (Link link : List.of(link(), second())) {
            for (FaultKind fault : List.of(FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER)) {
                clear();
                runs.set(0);
                link.faults().arm(link.dialect().prepare(), fault);
                retried.call(this::writeBoth);
                assertThat(runs).as(fault + " of " + link).hasValue(2);
                assertThat(Rows.stored()).isEqualTo(2);
            }
        }
    }

    @Test
    void lostCommitOfTheFirstIsFinishedByRecovery() throws Exception {
        lostCommitIsFinishedByRecovery(link(), FaultKind.CUT_BEFORE);
        lostCommitIsFinishedByRecovery(link(), FaultKind.CUT_AFTER);
    }

    @Test
    void lostCommitOfTheSecondIsFinishedByRecovery() throws Exception {
        lostCommitIsFinishedByRecovery(second(), FaultKind.CUT_BEFORE);
        lostCommitIsFinishedByRecovery(second(), FaultKind.CUT_AFTER);
    }

    @Test
    void stalledCommitIsFinishedByRecovery() throws Exception {
        lostCommitIsFinishedByRecovery(second(), FaultKind.STALL_BEFORE);
        lostCommitIsFinishedByRecovery(second(), FaultKind.LOSE_REPLY_AND_STALL);
    }

    /** The server says so in place of the answer, where a cut link says nothing. */
    @Test
    void sessionThatIsEndedBetweenPrepareAndCommitIsFinishedByRecovery() throws Exception {
        for (Link link : List.of(link(), second())) {
            clear();
            link.faults().arm(link.dialect().commitPrepared(), FaultKind.PAUSE_BEFORE);
            Future<Told> transaction = executor.submit(() -> Told.by(() -> required.call(this::writeBoth)));
            link.faults().awaitHits(1, RECOVERED);
            assertThat(link.faults().killConnections()).isPositive();
            link.faults().release();
            Told told = transaction.get(RECOVERED.toSeconds(), TimeUnit.SECONDS);
            assertThat(told.outcome()).as(link + ": " + told).isEqualTo(Outcome.COMMITTED);
            await().atMost(RECOVERED)
                    .untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
            nothingIsLeftPrepared();
        }
    }

    /** Nothing holds the rows any more: they can be written at once. */
    private void lostPrepareRollsBackBoth(Link link, FaultKind fault) throws Exception {
        clear();
        link.faults().arm(link.dialect().prepare(), fault);
        Told told = Told.by(() -> required.call(this::writeBoth));
        assertThat(told.outcome()).as(fault + ": " + told).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.sqlStates())
                .as(told.toString())
                .containsAnyOf(link.dialect().lost());
        assertThat(Rows.prepared()).isZero();
        assertThat(Rows.stored()).isZero();
        required.call(this::writeBoth);
        assertThat(Rows.stored()).isEqualTo(2);
    }

    private void lostCommitIsFinishedByRecovery(Link link, FaultKind fault) throws Exception {
        clear();
        link.faults().arm(link.dialect().commitPrepared(), fault);
        Told told = Told.by(() -> required.call(this::writeBoth));
        assertThat(told.outcome()).as(fault + ": " + told).isEqualTo(Outcome.COMMITTED);
        assertThat(link.faults().hits()).isOne();
        await().atMost(RECOVERED).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
        nothingIsLeftPrepared();
    }

    private void writeBoth() throws Exception {
        runs.incrementAndGet();
        Rows.insert(link().dataSource(), 1);
        Rows.insert(second().dataSource(), 2);
    }
}

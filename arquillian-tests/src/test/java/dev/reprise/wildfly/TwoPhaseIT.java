// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.time.Duration;
import java.util.List;
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

    private static final String PREPARE = "XA PREPARE";
    private static final String COMMIT = "XA COMMIT";
    private static final Duration RECOVERED = Duration.ofSeconds(90);

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.with(TwoPhaseIT.class, Told.class);
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
        lostPrepareRollsBackBoth(Link.REPRISE, FaultKind.CUT_BEFORE);
        lostPrepareRollsBackBoth(Link.REPRISE, FaultKind.CUT_AFTER);
    }

    @Test
    void lostPrepareOfTheSecondRollsBackBoth() throws Exception {
        lostPrepareRollsBackBoth(Link.SECOND, FaultKind.CUT_BEFORE);
        lostPrepareRollsBackBoth(Link.SECOND, FaultKind.CUT_AFTER);
    }

    /** The old session lives on and has to be ended first. {@link Link#SECOND} waits for two seconds. */
    @Test
    void stalledPrepareRollsBackBoth() throws Exception {
        lostPrepareRollsBackBoth(Link.SECOND, FaultKind.STALL_BEFORE);
        lostPrepareRollsBackBoth(Link.SECOND, FaultKind.LOSE_REPLY_AND_STALL);
    }

    @Test
    void lostPrepareIsRetriedOnTheSameRowsAtOnce() throws Exception {
        for (Link link : List.of(Link.REPRISE, Link.SECOND)) {
            for (FaultKind fault : List.of(FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER)) {
                clear();
                runs.set(0);
                link.faults().arm(PREPARE, fault);
                retried.call(this::writeBoth);
                assertThat(runs).as(fault + " of " + link).hasValue(2);
                assertThat(Rows.stored()).isEqualTo(2);
            }
        }
    }

    @Test
    void lostCommitOfTheFirstIsFinishedByRecovery() throws Exception {
        lostCommitIsFinishedByRecovery(Link.REPRISE, FaultKind.CUT_BEFORE);
        lostCommitIsFinishedByRecovery(Link.REPRISE, FaultKind.CUT_AFTER);
    }

    @Test
    void lostCommitOfTheSecondIsFinishedByRecovery() throws Exception {
        lostCommitIsFinishedByRecovery(Link.SECOND, FaultKind.CUT_BEFORE);
        lostCommitIsFinishedByRecovery(Link.SECOND, FaultKind.CUT_AFTER);
    }

    @Test
    void stalledCommitIsFinishedByRecovery() throws Exception {
        lostCommitIsFinishedByRecovery(Link.SECOND, FaultKind.STALL_BEFORE);
        lostCommitIsFinishedByRecovery(Link.SECOND, FaultKind.LOSE_REPLY_AND_STALL);
    }

    /** Nothing holds the rows any more: they can be written at once. */
    private void lostPrepareRollsBackBoth(Link link, FaultKind fault) throws Exception {
        clear();
        link.faults().arm(PREPARE, fault);
        Told told = Told.by(() -> required.call(this::writeBoth));
        assertThat(told.outcome()).as(fault + ": " + told).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.sqlStates()).as(told.toString()).contains("08000");
        assertThat(Link.REPRISE.faults().preparedXids()).isEmpty();
        assertThat(Rows.stored()).isZero();
        required.call(this::writeBoth);
        assertThat(Rows.stored()).isEqualTo(2);
    }

    private void lostCommitIsFinishedByRecovery(Link link, FaultKind fault) throws Exception {
        clear();
        link.faults().arm(COMMIT, fault);
        Told told = Told.by(() -> required.call(this::writeBoth));
        assertThat(told.outcome()).as(fault + ": " + told).isEqualTo(Outcome.COMMITTED);
        assertThat(link.faults().hits()).isOne();
        await().atMost(RECOVERED).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
        nothingIsLeftPrepared();
    }

    private void writeBoth() throws Exception {
        runs.incrementAndGet();
        Rows.insert(Link.REPRISE.dataSource(), 1);
        Rows.insert(Link.SECOND.dataSource(), 2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.retry.TransactionOutcomeUnknownException;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.testsupport.Faults;
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

/** The reply of a commit with one resource is lost: what is told, against the rows that are stored. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class CommitOutcomeIT {

    private static final Duration DECIDED = Duration.ofSeconds(90);

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.with(CommitOutcomeIT.class, Told.class);
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
    void nothingIsLeftPrepared() throws Exception {
        Rows.awaitNonePrepared();
    }

    @Test
    void plainBeanIsToldRolledBackWhenTheRequestIsLost() throws Exception {
        assertRolledBack(plain(link(), FaultKind.CUT_BEFORE));
    }

    @Test
    void plainBeanIsToldCommittedWhenTheReplyIsLost() throws Exception {
        assertCommitted(plain(link(), FaultKind.CUT_AFTER));
    }

    @Test
    void retriedBeanIsRunAgainWhenTheRequestIsLost() throws Exception {
        assertCommitted(retried(link(), FaultKind.CUT_BEFORE));
        assertThat(runs).hasValue(2);
    }

    @Test
    void retriedBeanIsNotRunAgainWhenTheReplyIsLost() throws Exception {
        assertCommitted(retried(link(), FaultKind.CUT_AFTER));
        assertThat(runs).hasValue(1);
    }

    /** The old session lives on and has to be ended first. {@link #second} waits for two seconds. */
    @Test
    void plainBeanIsToldRolledBackWhenTheRequestIsStalled() throws Exception {
        assertRolledBack(plain(second(), FaultKind.STALL_BEFORE));
        Rows.insertPastTheProxies(second());
    }

    @Test
    void plainBeanIsToldCommittedWhenTheReplyIsStalled() throws Exception {
        assertCommitted(plain(second(), FaultKind.LOSE_REPLY_AND_STALL));
    }

    /** A second step that is lost, too, where the guard has one: what is prepared will be committed. */
    @Test
    void committedWhenWhatFollowsTheDecisionIsLost() throws Exception {
        for (FaultKind fault : List.of(FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER)) {
            clear();
            link().faults().arm(link().dialect().commitPrepared(), fault);
            assertCommitted(Told.by(() -> required.call(() -> write(link()))));
            assertThat(link().faults().hits()).as(fault.name()).isEqualTo(secondSteps());
        }
    }

    int secondSteps() {
        return 1;
    }

    /** {@link #second} asks for five seconds. */
    @Test
    void unknownWhileTheDatabaseIsOutOfReachAndDecidedAfterwards() throws Exception {
        Faults faults = second().faults();
        Told told = Told.by(() -> retried.call(() -> {
            write(second());
            faults.arm(second().dialect().decision(), FaultKind.CUT_AFTER);
            faults.refuse();
        }));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.UNKNOWN);
        assertThat(told.sqlStates())
                .as(told.toString())
                .containsAnyOf(second().dialect().lost());
        assertThat(told.failure())
                .isExactlyInstanceOf(TransactionOutcomeUnknownException.class)
                .hasMessageFindingMatch("\\[branch 0x[0-9a-f]+,0x[0-9a-f]+,0x[0-9a-f]+]");
        assertThat(runs).hasValue(1);
        faults.accept();
        await().atMost(DECIDED).untilAsserted(() -> assertThat(Rows.stored()).isOne());
    }

    @Test
    void nothingIsLeftOfTheFaultForTheNextTransaction() throws Exception {
        assertRolledBack(plain(link(), FaultKind.CUT_BEFORE));
        required.call(() -> write(link()));
        assertThat(Rows.stored()).isOne();
    }

    private Told plain(Link link, FaultKind fault) throws Exception {
        link.faults().arm(link.dialect().decision(), fault);
        return Told.by(() -> required.call(() -> write(link)));
    }

    private Told retried(Link link, FaultKind fault) throws Exception {
        link.faults().arm(link.dialect().decision(), fault);
        return Told.by(() -> retried.call(() -> write(link)));
    }

    private void write(Link link) throws Exception {
        runs.incrementAndGet();
        Rows.insert(link.dataSource(), 1);
    }

    private void assertRolledBack(Told told) throws Exception {
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.sqlStates())
                .as(told.toString())
                .containsAnyOf(link().dialect().lost());
        assertThat(runs).hasValue(1);
        assertThat(Rows.stored()).isZero();
    }

    private static void assertCommitted(Told told) throws Exception {
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.COMMITTED);
        assertThat(Rows.stored()).isOne();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.retry.TransactionOutcomeUnknownException;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.time.Duration;
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

    private static final Duration UNDONE = Duration.ofSeconds(30);

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
    void plainBeanIsToldUnknownWhenTheRequestIsLost() throws Exception {
        assertUnknown(plain(link(), FaultKind.CUT_BEFORE));
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void plainBeanIsToldUnknownWhenTheReplyIsLost() throws Exception {
        assertUnknown(plain(link(), FaultKind.CUT_AFTER));
        assertThat(Rows.stored()).isOne();
    }

    @Test
    void retriedBeanIsToldUnknownWhenTheRequestIsLost() throws Exception {
        assertUnknownAndNamed(retried(link(), FaultKind.CUT_BEFORE));
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void retriedBeanIsToldUnknownWhenTheReplyIsLost() throws Exception {
        assertUnknownAndNamed(retried(link(), FaultKind.CUT_AFTER));
        assertThat(Rows.stored()).isOne();
    }

    /** {@link #second} waits for two seconds. */
    @Test
    void unknownWhenTheRequestIsStalled() throws Exception {
        assertUnknownAndNamed(retried(second(), FaultKind.STALL_BEFORE));
        assertThat(Rows.stored()).isZero();
        await().atMost(UNDONE).untilAsserted(() -> Rows.insertPastTheProxies(second()));
    }

    @Test
    void unknownWhenTheReplyIsStalled() throws Exception {
        assertUnknownAndNamed(retried(second(), FaultKind.LOSE_REPLY_AND_STALL));
        assertThat(Rows.stored()).isOne();
    }

    @Test
    void nothingIsLeftOfTheFaultForTheNextTransaction() throws Exception {
        assertUnknown(plain(link(), FaultKind.CUT_BEFORE));
        required.call(() -> write(link()));
        assertThat(Rows.stored()).isOne();
    }

    private Told plain(Link link, FaultKind fault) throws Exception {
        link.faults().arm(link.dialect().onePhase(), fault);
        return Told.by(() -> required.call(() -> write(link)));
    }

    private Told retried(Link link, FaultKind fault) throws Exception {
        link.faults().arm(link.dialect().onePhase(), fault);
        return Told.by(() -> retried.call(() -> write(link)));
    }

    private void write(Link link) throws Exception {
        runs.incrementAndGet();
        Rows.insert(link.dataSource(), 1);
    }

    private void assertUnknown(Told told) {
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.UNKNOWN);
        assertThat(told.sqlStates())
                .as(told.toString())
                .containsAnyOf(link().dialect().lost());
        assertThat(runs).hasValue(1);
    }

    private void assertUnknownAndNamed(Told told) {
        assertUnknown(told);
        assertThat(told.failure())
                .isExactlyInstanceOf(TransactionOutcomeUnknownException.class)
                .hasMessageFindingMatch("\\[branch 0x[0-9a-f]+,0x[0-9a-f]+,0x[0-9a-f]+]");
    }
}

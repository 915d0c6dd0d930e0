// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.retry.TransactionOutcomeUnknownException;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The adapter with local transactions next to an XA resource, whose vote its commit is: nobody can be told later. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class LastResourceIT {

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.with(LastResourceIT.class, Ledgers.class, Pool.class, Sessions.class, Told.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @AfterEach
    void dropLedger() throws Exception {
        Rows.awaitNonePrepared();
        Ledgers.drop();
        flush();
    }

    private static void flush() throws Exception {
        new Pool(Link.LOCAL).flush();
        new Pool(Link.REPRISE).flush();
    }

    private static void createLedger() throws Exception {
        Ledgers.create();
        flush();
    }

    @Test
    void bothAreCommitted() throws Exception {
        required.call(this::writeBoth);
        assertThat(Rows.stored()).isEqualTo(2);
    }

    @Test
    void bothAreRolledBack() throws Exception {
        Told told = Told.by(() -> required.call(() -> {
            writeBoth();
            throw new IllegalStateException("of the application");
        }));
        assertThat(told.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void withTheLedgerBothAreCommittedWhenTheReplyIsLost() throws Exception {
        createLedger();
        Told told = Told.by(() -> required.call(() -> writeBothAndLose("reprise_slot", FaultKind.CUT_AFTER)));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.COMMITTED);
        assertLostOnce();
        assertThat(Rows.stored()).isEqualTo(2);
    }

    @Test
    void withTheLedgerBothAreRolledBackWhenTheRequestIsLost() throws Exception {
        createLedger();
        Told told = Told.by(() -> required.call(() -> writeBothAndLose("reprise_slot", FaultKind.CUT_BEFORE)));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertLostOnce();
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void withTheLedgerItIsRunAgainWhenTheRequestIsLost() throws Exception {
        createLedger();
        retried.call(() -> writeBothAndLose("reprise_slot", FaultKind.CUT_BEFORE));
        assertLostOnce();
        assertThat(runs).hasValue(2);
        assertThat(Rows.stored()).isEqualTo(2);
    }

    /** The limit: the transaction manager takes any failed commit of a last resource for rolled back, and says so. */
    @Test
    void withoutTheLedgerOneHalfIsCommittedWhenTheReplyIsLost() throws Exception {
        Told told = Told.by(() -> required.call(() -> writeBothAndLose("commit", FaultKind.CUT_AFTER)));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertLostOnce();
        assertThat(Rows.isStored(1)).isFalse();
        assertThat(Rows.isStored(2)).isTrue();
    }

    @Test
    void withoutTheLedgerItIsUnknownToTheRetryAndNotRunAgain() throws Exception {
        Told told = Told.by(() -> retried.call(() -> writeBothAndLose("commit", FaultKind.CUT_AFTER)));
        assertThat(told.failure()).as(told.toString()).isExactlyInstanceOf(TransactionOutcomeUnknownException.class);
        assertLostOnce();
        assertThat(runs).hasValue(1);
    }

    private void writeBoth() throws Exception {
        runs.incrementAndGet();
        Rows.insert(Link.REPRISE.dataSource(), 1);
        Rows.insert(Link.LOCAL.dataSource(), 2);
    }

    /** Armed when both transactions have begun. */
    private void writeBothAndLose(String request, FaultKind fault) throws Exception {
        writeBoth();
        if (runs.get() == 1) {
            Link.LOCAL.faults().arm(request, fault);
        }
    }

    private static void assertLostOnce() throws Exception {
        assertThat(Link.LOCAL.faults().hits()).isOne();
    }
}

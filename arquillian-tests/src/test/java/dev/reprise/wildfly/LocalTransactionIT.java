// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.retry.TransactionOutcomeUnknownException;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The adapter with {@code transaction-support=LocalTransaction}: what is told, against the rows that are stored. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class LocalTransactionIT {

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.with(LocalTransactionIT.class, Sessions.class, Told.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.LOCAL;
    }

    /** Whether what became of a COMMIT can be found out: on MariaDB only with the ledger, which is not there. */
    boolean isGuarded() {
        return false;
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @Test
    void commits() throws Exception {
        required.call(() -> Rows.insert(link().dataSource(), 1));
        assertThat(Rows.stored()).isOne();
    }

    @Test
    void rollsBack() throws Exception {
        Told told = Told.by(() -> required.call(() -> {
            Rows.insert(link().dataSource(), 1);
            throw new IllegalStateException("of the application");
        }));
        assertThat(told.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void lostConnectionIsVisiblyRolledBack() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(this::killThenWrite)));
    }

    @Test
    void lostConnectionThatIsSwallowedIsVisiblyRolledBack() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(this::killThenWriteAndSwallow)));
    }

    @Test
    void lostConnectionIsRetried() throws Exception {
        retried.call(this::killThenWrite);
        assertStoredOnce();
    }

    @Test
    void lostConnectionThatIsSwallowedIsRetried() throws Exception {
        retried.call(this::killThenWriteAndSwallow);
        assertStoredOnce();
    }

    /** Nothing but the COMMIT has met the loss. */
    @Test
    void connectionThatIsFoundLostByTheCommit() throws Exception {
        Told told = Told.by(() -> required.call(() -> {
            try (Connection connection = link().dataSource().getConnection()) {
                Rows.insert(connection, 1);
                runs.incrementAndGet();
                Sessions.kill(link(), connection);
            }
        }));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(unlessUnknown(Outcome.ROLLED_BACK));
        assertThat(runs).hasValue(1);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void plainBeanWhenTheRequestOfCommitIsLost() throws Exception {
        Told told = Told.by(() -> required.call(() -> writeAndLoseCommit(FaultKind.CUT_BEFORE)));
        assertTold(told, unlessUnknown(Outcome.ROLLED_BACK), 1);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void plainBeanWhenTheReplyOfCommitIsLost() throws Exception {
        Told told = Told.by(() -> required.call(() -> writeAndLoseCommit(FaultKind.CUT_AFTER)));
        assertTold(told, unlessUnknown(Outcome.COMMITTED), 1);
        assertThat(Rows.stored()).isOne();
    }

    @Test
    void retriedBeanWhenTheRequestOfCommitIsLost() throws Exception {
        Told told = Told.by(() -> retried.call(() -> writeAndLoseCommit(FaultKind.CUT_BEFORE)));
        assertTold(told, unlessUnknown(Outcome.COMMITTED), isGuarded() ? 2 : 1);
        assertNamed(told);
        assertThat(Rows.stored()).isEqualTo(isGuarded() ? 1 : 0);
    }

    @Test
    void retriedBeanWhenTheReplyOfCommitIsLost() throws Exception {
        Told told = Told.by(() -> retried.call(() -> writeAndLoseCommit(FaultKind.CUT_AFTER)));
        assertTold(told, unlessUnknown(Outcome.COMMITTED), 1);
        assertNamed(told);
        assertThat(Rows.stored()).isOne();
    }

    @Test
    void autoCommittedStatementWithALostReplyIsUnknown() throws Exception {
        link().faults().arm("insert into row_of_test", FaultKind.CUT_AFTER);
        Told told = Told.by(() -> Rows.insert(link().dataSource(), 1));
        assertThat(told.sqlStates()).as(told.toString()).startsWith("08007");
        assertThat(Rows.stored()).isOne();
    }

    private void killThenWrite() throws Exception {
        try (Connection connection = link().dataSource().getConnection()) {
            Rows.insert(connection, 1);
            if (runs.incrementAndGet() == 1) {
                Sessions.kill(link(), connection);
            }
            Rows.insert(connection, 2);
        }
    }

    private void killThenWriteAndSwallow() throws Exception {
        try {
            killThenWrite();
        } catch (SQLException e) {
            assertThat(e.getSQLState())
                    .isIn((Object[]) link().dialect().lost()); // and no more than that, as some applications do
        }
    }

    private void assertVisiblyRolledBack(Told told) throws Exception {
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.sqlStates()).as(told.toString()).contains("40001");
        assertThat(runs).hasValue(1);
        assertThat(Rows.stored()).isZero();
    }

    private void assertStoredOnce() throws Exception {
        assertThat(runs).hasValue(2);
        assertThat(Rows.stored()).isEqualTo(2);
    }

    /** Armed when the transaction has begun: the driver's {@code set autocommit=0} contains the word as well. */
    private void writeAndLoseCommit(FaultKind fault) throws Exception {
        Rows.insert(link().dataSource(), 1);
        if (runs.incrementAndGet() == 1) {
            link().faults().arm("commit", fault);
        }
    }

    private Outcome unlessUnknown(Outcome known) {
        return isGuarded() ? known : Outcome.UNKNOWN;
    }

    private void assertTold(Told told, Outcome outcome, int expectedRuns) throws Exception {
        assertThat(link().faults().hits()).isOne();
        assertThat(told.outcome()).as(told.toString()).isEqualTo(outcome);
        assertThat(runs).hasValue(expectedRuns);
    }

    private void assertNamed(Told told) {
        if (!isGuarded()) {
            assertThat(told.failure()).isExactlyInstanceOf(TransactionOutcomeUnknownException.class);
        }
    }
}

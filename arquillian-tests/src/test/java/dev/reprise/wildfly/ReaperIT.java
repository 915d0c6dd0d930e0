// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.wildfly.Told.Outcome;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The transaction manager's reaper rolls back behind the application's back, while it is inside a statement or between
 * two: what it goes on writing is refused, never committed on its own.
 */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
@Timeout(60)
class ReaperIT {

    /** The statement alone would take two minutes. */
    private static final Duration BOUND = Duration.ofSeconds(45);

    /** The transaction has a second; the control timeout is 30 s. */
    private static final Duration SILENT_BOUND = Duration.ofSeconds(15);

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicLong session = new AtomicLong();

    @Resource(lookup = "java:jboss/TransactionManager")
    private TransactionManager transactions;

    @EJB
    private RequiredBean required;

    @EJB
    private ImpatientBean impatient;

    @Deployment
    static WebArchive application() {
        return Application.with(ReaperIT.class, ImpatientBean.class, Sessions.class, Told.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.REPRISE;
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @Test
    void plainBeanInsideAStatement() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> withTimeout(this::overstayInAStatement)));
    }

    @Test
    void plainBeanBetweenStatements() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> withTimeout(this::overstayBetweenStatements)));
    }

    @Test
    void retriedBeanIsNotRunAgain() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> impatient.call(this::overstayInAStatement)));
    }

    @Test
    void ownTransactionInsideAStatement() throws Exception {
        transactions.setTransactionTimeout(1);
        transactions.begin();
        overstayInAStatement();
        assertVisiblyRolledBack(Told.by(transactions::commit));
    }

    /** Neither answer nor reset: the driver would wait for ever. */
    @Test
    void plainBeanInsideAStatementOnASilentLink() throws Exception {
        Told told = Told.by(() -> withTimeout(() -> {
            try (Connection connection = write()) {
                link().faults().blackHole(true);
                long asked = System.nanoTime();
                assertThat(Told.by(() -> Rows.insert(connection, 2)).failure()).isInstanceOf(SQLException.class);
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(SILENT_BOUND);
            }
        }));
        link().faults().blackHole(false);
        assertVisiblyRolledBack(told);
    }

    /** The thread's timeout is that of the transactions that the container begins for beans. */
    private void withTimeout(Work work) throws Exception {
        transactions.setTransactionTimeout(1);
        try {
            required.call(work);
        } finally {
            transactions.setTransactionTimeout(0);
        }
    }

    private void overstayInAStatement() throws Exception {
        try (Connection connection = write()) {
            Told asleep = Told.by(() -> {
                try (Statement statement = connection.createStatement()) {
                    statement.executeQuery(link().dialect().selectSleep(120)).close();
                }
            });
            assertThat(asleep.failure()).isInstanceOf(SQLException.class);
            goOn(connection);
        }
    }

    private void overstayBetweenStatements() throws Exception {
        try (Connection connection = write()) {
            await().pollInSameThread().atMost(BOUND).until(() -> transactions.getStatus() != Status.STATUS_ACTIVE);
            goOn(connection);
        }
    }

    private Connection write() throws Exception {
        runs.incrementAndGet();
        Connection connection = link().dataSource().getConnection();
        session.set(Sessions.id(link(), connection));
        Rows.insert(connection, 1);
        return connection;
    }

    /** As an application does that takes an error for one of the statement. */
    private void goOn(Connection connection) {
        Told refused = Told.by(() -> Rows.insert(connection, 2));
        assertThat(refused.failure()).isInstanceOf(SQLException.class);
    }

    private void assertVisiblyRolledBack(Told told) throws Exception {
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(runs).hasValue(1);
        Sessions.awaitEnd(link(), session.get());
        assertThat(Rows.stored()).isZero();
        required.call(() -> Rows.insert(link().dataSource(), 1));
        assertThat(Rows.stored()).isOne();
    }
}

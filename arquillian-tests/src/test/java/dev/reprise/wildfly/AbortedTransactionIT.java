// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A statement has failed, which on PostgreSQL leaves nothing of its transaction to commit, and the application swallows
 * it and goes on to the commit. The server answers that with success, and so does its driver.
 */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class AbortedTransactionIT {

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.with(AbortedTransactionIT.class, Told.class);
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
    void isVisiblyRolledBackInOnePhase() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(() -> failAndSwallow(Link.POSTGRESQL))));
    }

    @Test
    void isVisiblyRolledBackWithLocalTransactions() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(() -> failAndSwallow(Link.POSTGRESQL_LOCAL))));
    }

    /** It would fail each time: the reason is the application's own statement. */
    @Test
    void isNotRunAgain() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> retried.call(() -> failAndSwallow(Link.POSTGRESQL))));
    }

    @Test
    void rollsBackTheOtherBranchOnPostgreSql() throws Exception {
        rollsBackTheOther(Link.POSTGRESQL_SECOND);
    }

    @Test
    void rollsBackTheOtherBranchOnMariaDb() throws Exception {
        rollsBackTheOther(Link.REPRISE);
    }

    @Test
    void rollsBackTheOtherBranchOfWildFlysDataSource() throws Exception {
        rollsBackTheOther(Link.WILDFLY);
    }

    /** Whichever of them is prepared first. */
    private void rollsBackTheOther(Link other) throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(() -> {
            Rows.insert(other.dataSource(), 2);
            failAndSwallow(Link.POSTGRESQL);
        })));
        runs.set(0);
        assertVisiblyRolledBack(Told.by(() -> required.call(() -> {
            failAndSwallow(Link.POSTGRESQL);
            Rows.insert(other.dataSource(), 2);
        })));
        required.call(() -> {
            Rows.insert(Link.POSTGRESQL.dataSource(), 1);
            Rows.insert(other.dataSource(), 2);
        });
        assertThat(Rows.stored()).as("The rows are free").isEqualTo(2);
    }

    private void failAndSwallow(Link link) throws SQLException {
        runs.incrementAndGet();
        try (Connection connection = link.dataSource().getConnection()) {
            Rows.insert(connection, 1);
            assertThatThrownBy(() -> Rows.insert(connection, 1))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(link.dialect().isDuplicate(e)).isTrue());
        }
    }

    private void assertVisiblyRolledBack(Told told) throws Exception {
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.has(jakarta.transaction.RollbackException.class) || told.has(jakarta.ejb.EJBException.class))
                .as(told.toString())
                .isTrue();
        assertThat(runs).hasValue(1);
        assertThat(Rows.stored()).isZero();
    }
}

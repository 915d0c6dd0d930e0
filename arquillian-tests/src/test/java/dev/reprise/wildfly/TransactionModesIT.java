// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.naming.InitialContext;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same beans on XA, local and no transactions, as the deployment says. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class TransactionModesIT {

    private static final List<Link> TRANSACTIONAL =
            List.of(Link.REPRISE, Link.LOCAL, Link.POSTGRESQL, Link.POSTGRESQL_LOCAL);
    private static final int THREADS = 4;
    private static final int ROWS = 5;

    @Resource(lookup = "java:jboss/UserTransaction")
    private UserTransaction transaction;

    @Resource(lookup = "java:jboss/TransactionManager")
    private TransactionManager transactions;

    @Resource
    private ManagedExecutorService executor;

    @EJB
    private RequiredBean required;

    @EJB
    private BeanManagedBean beanManaged;

    @Deployment
    static WebArchive application() {
        return Application.with(
                TransactionModesIT.class, BeanManagedBean.class, Pool.class, Sessions.class, Told.class);
    }

    @BeforeEach
    void heal() throws Exception {
        Link.healAll();
    }

    private interface Case {
        void on(Link link) throws Exception;
    }

    private static void onEach(Case test) throws Exception {
        for (Link link : TRANSACTIONAL) {
            Rows.clear();
            test.on(link);
        }
    }

    @Test
    void twoHandlesOfOneTransactionShareTheirConnection() throws Exception {
        onEach(link -> {
            required.call(() -> {
                try (Connection one = link.dataSource().getConnection();
                        Connection other = link.dataSource().getConnection()) {
                    assertThat(Sessions.id(link, one)).isEqualTo(Sessions.id(link, other));
                    Rows.insert(one, 1);
                    Rows.insert(other, 2);
                }
                Rows.insert(link.dataSource(), 3); // closed and opened again
            });
            assertThat(Rows.stored()).as(link.name()).isEqualTo(3);
        });
    }

    @Test
    void whatTwoHandlesHaveDoneIsRolledBackTogether() throws Exception {
        onEach(link -> {
            Told told = Told.by(() -> required.call(() -> {
                Rows.insert(link.dataSource(), 1);
                Rows.insert(link.dataSource(), 2);
                throw new IllegalStateException("of the application");
            }));
            assertThat(told.outcome()).isEqualTo(Told.Outcome.ROLLED_BACK);
            assertThat(Rows.stored()).as(link.name()).isZero();
        });
    }

    @Test
    void aHandleIsKeptOverSeveralTransactionsAndBetweenThem() throws Exception {
        onEach(link -> {
            beanManaged.call(() -> {
                try (Connection connection = link.dataSource().getConnection()) {
                    for (int id = 1; id <= 4; id++) {
                        transaction.begin();
                        Rows.insert(connection, id);
                        if (id % 2 == 0) {
                            transaction.commit();
                        } else {
                            transaction.rollback();
                        }
                    }
                    Rows.insert(connection, 5);
                }
            });
            assertThat(Rows.stored()).as(link.name()).isEqualTo(3);
            assertThat(Rows.isStored(1) || Rows.isStored(3)).isFalse();
        });
    }

    @Test
    void aHandleIsUsedByAnotherBeanInTheSameTransaction() throws Exception {
        onEach(link -> {
            required.call(() -> {
                try (Connection connection = link.dataSource().getConnection()) {
                    required.call(() -> Rows.insert(connection, 1));
                    Rows.insert(connection, 2);
                }
            });
            assertThat(Rows.stored()).as(link.name()).isEqualTo(2);
        });
    }

    /** The container does not know that it is used, and makes only what it hands out part of the transaction. */
    @Test
    void aHandleThatABeanHasKeptIsPartOfTheTransactionOfItsNextCall() throws Exception {
        onEach(link -> {
            Connection kept = kept(link);
            long own = Sessions.id(link, kept);
            required.call(() -> {
                Rows.insert(link.dataSource(), 2);
                Rows.insert(kept, 3);
                assertThat(kept.getAutoCommit()).isFalse();
                try (Connection other = link.dataSource().getConnection()) {
                    assertThat(Sessions.id(link, kept)).isEqualTo(Sessions.id(link, other));
                }
            });
            Told told = Told.by(() -> required.call(() -> {
                Rows.insert(kept, 4);
                throw new IllegalStateException("of the application");
            }));
            assertThat(told.outcome()).isEqualTo(Told.Outcome.ROLLED_BACK);
            assertThat(kept.getAutoCommit()).isTrue();
            Rows.insert(kept, 5);
            assertThat(Sessions.id(link, kept)).isEqualTo(own);
            kept.close();
            assertThat(Rows.stored()).as(link.name()).isEqualTo(4); // 1, 2, 3, 5
            assertThat(Rows.isStored(4)).isFalse();
            assertThat(new Pool(link).inUse()).as(link.name()).isZero();
        });
    }

    @Test
    void aKeptHandleIsClosedInATransactionThatItWasNotOpenedIn() throws Exception {
        onEach(link -> {
            Connection kept = kept(link);
            required.call(() -> {
                Rows.insert(kept, 2);
                kept.close();
                assertThat(kept.isClosed()).isTrue();
                Rows.insert(link.dataSource(), 3);
            });
            assertThat(Rows.stored()).as(link.name()).isEqualTo(3);
            assertThat(new Pool(link).inUse()).as(link.name()).isZero();
        });
    }

    /** It can work in one of them only, and must not work in the wrong one. */
    @Test
    void aKeptHandleIsRefusedInATransactionWithinTheOneThatItWorksIn() throws Exception {
        onEach(link -> {
            Connection kept = kept(link);
            required.call(() -> {
                Rows.insert(kept, 2);
                Transaction outer = transactions.suspend();
                Told within = Told.by(() -> required.call(() -> Rows.insert(kept, 3)));
                assertThat(within.sqlStates()).as(link + ": " + within).containsExactly("25000");
                assertThat(Told.by(() -> Rows.insert(kept, 4)).sqlStates()).containsExactly("25000");
                transactions.resume(outer);
                Rows.insert(kept, 5);
            });
            kept.close();
            assertThat(Rows.stored()).as(link.name()).isEqualTo(3); // 1, 2, 5
        });
    }

    private Connection kept(Link link) throws Exception {
        var kept = new AtomicReference<Connection>();
        required.call(() -> {
            kept.set(link.dataSource().getConnection());
            Rows.insert(kept.get(), 1);
        });
        return kept.get();
    }

    @Test
    void aKeptHandleWhoseSessionTheApplicationHasChangedIsRefusedInATransaction() throws Exception {
        onEach(link -> {
            Connection kept = kept(link);
            kept.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            Told told = Told.by(() -> required.call(() -> Rows.insert(kept, 2)));
            assertThat(told.sqlStates()).as(link + ": " + told).containsExactly("25000");
            kept.close();
            assertThat(Rows.stored()).as(link.name()).isOne();
        });
    }

    @Test
    void severalThreadsWorkInOneTransaction() throws Exception {
        onEach(link -> {
            workInThreads(link);
            transactions.commit();
            assertThat(Rows.stored()).as(link.name()).isEqualTo(THREADS * ROWS);
            Rows.clear();
            workInThreads(link);
            transactions.rollback();
            assertThat(Rows.stored()).as(link.name()).isZero();
        });
    }

    private void workInThreads(Link link) throws Exception {
        transactions.begin();
        Transaction shared = transactions.getTransaction();
        var done = new ArrayList<Future<?>>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread * ROWS;
            done.add(executor.submit(() -> {
                transactions.resume(shared);
                try (Connection connection = link.dataSource().getConnection()) {
                    for (int id = first; id < first + ROWS; id++) {
                        Rows.insert(connection, id);
                    }
                } finally {
                    transactions.suspend();
                }
                return null;
            }));
        }
        for (Future<?> each : done) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void withoutTransactionsTheApplicationCommits() throws Exception {
        Rows.clear();
        DataSource untransacted = InitialContext.doLookup("java:/jdbc/Untransacted");
        required.call(() -> {
            try (Connection one = untransacted.getConnection();
                    Connection other = untransacted.getConnection()) {
                assertThat(Sessions.id(Link.LOCAL, one)).isNotEqualTo(Sessions.id(Link.LOCAL, other));
                assertThat(one.getAutoCommit()).isTrue();
                one.setAutoCommit(false);
                Rows.insert(one, 1);
                one.rollback();
                Rows.insert(one, 2);
                one.commit();
                Rows.insert(other, 3);
                leaveOpen(untransacted);
            }
        });
        assertThat(Rows.stored()).isEqualTo(2);
    }

    /** What was not committed when the connection is returned is not. */
    private static void leaveOpen(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Rows.insert(connection, 4);
        }
    }
}

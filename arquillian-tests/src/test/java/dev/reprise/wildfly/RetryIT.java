// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.reprise.retry.RetryPolicy;
import dev.reprise.retry.RetryingTransaction;
import dev.reprise.retry.TransactionRetried;
import dev.reprise.testsupport.FaultKind;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.EJBTransactionRolledbackException;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is run again, what is not, and what callers are told. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class RetryIT {

    private static final Duration BOUND = Duration.ofMinutes(1);

    @Resource
    private UserTransaction transaction;

    @Resource
    private TransactionSynchronizationRegistry registry;

    @Resource
    private ManagedExecutorService executor;

    @EJB
    private RequiredBean required;

    @EJB
    private PersistentBean persistent;

    @EJB
    private RetriedBean retried;

    @EJB
    private UntouchedBean untouched;

    @EJB
    private Untouched untouchedWithInterface;

    @Inject
    private RetriedCdiBean cdi;

    @Inject
    private RetriedTransactionalBean transactional;

    @Inject
    private ObservedRetries observed;

    @Deployment
    static WebArchive application() {
        WebArchive application = Application.persistent(Application.with(RetryIT.class))
                .addClasses(RetriedCdiBean.class, RetriedTransactionalBean.class, ObservedRetries.class)
                .addClasses(
                        Attempts.class,
                        Sessions.class,
                        UntouchedBean.class,
                        Untouched.class,
                        UntouchedBeanWithInterface.class);
        return Application.retrying(application, UntouchedBean.class, UntouchedBeanWithInterface.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.REPRISE;
    }

    Link second() {
        return Link.SECOND;
    }

    Link peer() {
        return Link.WILDFLY;
    }

    /** How work comes to be run: a method of a bean. */
    private interface Caller {
        void call(Work work) throws Exception;
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
        observed.clear();
    }

    @Test
    void enterpriseBeanIsRunAgainAfterALostConnection() throws Exception {
        runsAgainAfterALostConnection(retried::call);
    }

    @Test
    void cdiBeanIsRunAgainAfterALostConnection() throws Exception {
        runsAgainAfterALostConnection(cdi::call);
    }

    @Test
    void transactionalBeanIsRunAgainAfterALostConnection() throws Exception {
        runsAgainAfterALostConnection(transactional::call);
    }

    @Test
    void untouchedBeanIsRunAgainAfterALostConnection() throws Exception {
        runsAgainAfterALostConnection(untouched::call);
    }

    @Test
    void untouchedBeanWithInterfaceIsRunAgainAfterALostConnection() throws Exception {
        runsAgainAfterALostConnection(untouchedWithInterface::call);
    }

    @Test
    void programmaticTransactionIsRunAgainAfterALostConnection() throws Exception {
        runsAgainAfterALostConnection(RetryIT::programmatic);
    }

    private static void programmatic(Work work) throws Exception {
        RetryingTransaction.with(RetryPolicy.DEFAULT.withDelayMillis(10, 1, 10)).call("test", () -> {
            work.run();
            return "";
        });
    }

    private void runsAgainAfterALostConnection(Caller caller) throws Exception {
        link().faults().arm("values (2, 'test')", FaultKind.CUT_BEFORE);
        var attempts = new Attempts(registry);
        caller.call(() -> {
            attempts.next();
            Rows.insert(link().dataSource(), 1);
            insertUnchecked(2);
        });
        assertThat(link().faults().hits()).isOne();
        assertThat(attempts.transactions()).hasSize(2).doesNotHaveDuplicates().doesNotContain("none");
        assertThat(Rows.stored()).isEqualTo(2);
    }

    @Test
    void connectionLostWhenEntitiesAreWrittenAtCommitIsRunAgain() throws Exception {
        writesEntitiesAgain(retried::call);
        writesEntitiesAgain(cdi::call);
        writesEntitiesAgain(transactional::call);
        writesEntitiesAgain(untouched::call);
        writesEntitiesAgain(RetryIT::programmatic);
    }

    private void writesEntitiesAgain(Caller caller) throws Exception {
        Link.healAll();
        Rows.clear();
        link().faults().arm("insert into row_of_test", FaultKind.CUT_BEFORE);
        var attempts = new Attempts(registry);
        caller.call(() -> {
            attempts.next();
            persistent.store(link(), 1);
        });
        assertThat(link().faults().hits()).isOne();
        assertThat(attempts.transactions()).hasSize(2).doesNotHaveDuplicates();
        assertThat(Rows.stored()).isOne();
    }

    /** As most frameworks do it. */
    private void insertUnchecked(int id) {
        try {
            Rows.insert(link().dataSource(), id);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void retryIsObserved() throws Exception {
        var attempts = new Attempts(registry);
        retried.call(() -> {
            if (attempts.next() < 3) {
                throw undone();
            }
        });
        assertThat(observed.events()).extracting(TransactionRetried::retry).containsExactly(1, 2);
        TransactionRetried first = observed.events().get(0);
        assertThat(first.name()).isEqualTo("RetriedBean.call");
        assertThat(first.maxRetries()).isEqualTo(3);
        assertThat(first.delayMillis()).isBetween(5L, 15L);
        assertThat(first.cause()).hasMessage("undone by the database");
    }

    @Test
    void lastFailureIsThrownWithTheEarlierOnesSuppressed() {
        exhausts(retried::call, 4);
        exhausts(cdi::call, 4);
        exhausts(transactional::call, 4);
        exhausts(RetryIT::programmatic, 4);
    }

    private void exhausts(Caller caller, int expected) {
        var attempts = new Attempts(registry);
        List<Throwable> thrown = new ArrayList<>();
        Throwable told = catchThrowable(() -> caller.call(() -> {
            Rows.insert(link().dataSource(), attempts.next());
            thrown.add(undone());
            throw (SQLException) thrown.get(thrown.size() - 1);
        }));
        assertThat(attempts.transactions()).hasSize(expected).doesNotHaveDuplicates();
        assertThat(told).isSameAs(thrown.get(expected - 1));
        assertThat(told.getSuppressed()).containsExactlyElementsOf(thrown.subList(0, expected - 1));
        assertNothingStored();
    }

    @Test
    void untouchedBeanHasTheDefaultPolicy() {
        var attempts = new Attempts(registry);
        Throwable told = catchThrowable(() -> untouched.call(() -> {
            Rows.insert(link().dataSource(), attempts.next());
            throw new IllegalStateException(undone());
        }));
        assertThat(attempts.transactions()).hasSize(4).doesNotHaveDuplicates();
        assertThat(told).isInstanceOf(EJBException.class);
        assertThat(told.getSuppressed()).hasSize(3).allMatch(EJBException.class::isInstance);
        assertNothingStored();
        assertThat(observed.events()).extracting(TransactionRetried::name).containsOnly("UntouchedBean.call");
    }

    @Test
    void untouchedBeanHasThePolicyOfItsInterface() {
        var attempts = new Attempts(registry);
        Throwable told = catchThrowable(() -> untouchedWithInterface.call(() -> {
            Rows.insert(link().dataSource(), attempts.next());
            throw new IllegalStateException(undone());
        }));
        assertThat(attempts.count()).isEqualTo(2);
        assertThat(told).isInstanceOf(EJBException.class);
        assertThat(told.getSuppressed()).hasSize(1);
        assertNothingStored();
    }

    @Test
    void untouchedBeanHasANewInstanceAfterASystemException() throws Exception {
        Set<UntouchedBean> instances = Collections.newSetFromMap(new IdentityHashMap<>());
        var attempts = new Attempts(registry);
        untouched.call(instances, () -> {
            if (attempts.next() == 1) {
                throw new IllegalStateException(undone());
            }
        });
        assertThat(attempts.count()).isEqualTo(2);
        assertThat(instances).hasSize(2);
    }

    @Test
    void applicationExceptionOfAnUntouchedBeanCommitsAndIsNotRunAgain() throws Exception {
        var attempts = new Attempts(registry);
        assertThatThrownBy(() -> untouched.call(() -> {
                    Rows.insert(link().dataSource(), attempts.next());
                    throw undone();
                }))
                .isInstanceOf(SQLException.class)
                .hasMessage("undone by the database");
        assertThat(attempts.count()).isOne();
        assertThat(Rows.stored()).as("which is what the container does").isOne();
    }

    /** An application exception, too; but it comes with the proof that nothing is stored. */
    @Test
    void checkedExceptionOfALostConnectionReachesTheCallerOfAnUntouchedBean() throws Exception {
        link().faults().arm("values (2, 'test')", FaultKind.CUT_BEFORE);
        var attempts = new Attempts(registry);
        Throwable told = catchThrowable(() -> untouched.call(() -> {
            attempts.next();
            Rows.insert(link().dataSource(), 1);
            Rows.insert(link().dataSource(), 2);
        }));
        assertThat(attempts.count()).isOne();
        assertThat(told).isInstanceOf(SQLException.class);
        assertThat(told.getSuppressed())
                .singleElement()
                .satisfies(commit -> assertThat(commit)
                        .isInstanceOf(EJBTransactionRolledbackException.class)
                        .hasStackTraceContaining("The connection was lost before commit"));
        assertNothingStored();
    }

    @Test
    void joinedTransactionIsNotRunAgain() {
        isNotRunAgainWhenJoined(retried::call);
        isNotRunAgainWhenJoined(cdi::call);
        isNotRunAgainWhenJoined(transactional::call);
        isNotRunAgainWhenJoined(untouched::call);
        isNotRunAgainWhenJoined(RetryIT::programmatic);
    }

    private void isNotRunAgainWhenJoined(Caller caller) {
        var attempts = new Attempts(registry);
        Throwable told = catchThrowable(() -> required.call(() -> {
            Rows.insert(link().dataSource(), 1);
            caller.call(() -> {
                Rows.insert(link().dataSource(), 1 + attempts.next());
                throw new IllegalStateException(undone());
            });
        }));
        assertThat(attempts.count()).isOne();
        assertThat(told).isInstanceOf(EJBException.class).hasStackTraceContaining("undone by the database");
        assertNothingStored();
        assertThat(observed.events()).isEmpty();
    }

    @Test
    void ownerOfAJoinedTransactionCannotCommitItByCatchingTheException() throws Exception {
        ownerCannotCommit(retried::call);
        ownerCannotCommit(cdi::call);
        ownerCannotCommit(transactional::call);
        ownerCannotCommit(untouched::call);
        ownerCannotCommit(RetryIT::programmatic);
    }

    private void ownerCannotCommit(Caller caller) throws Exception {
        var attempts = new Attempts(registry);
        transaction.begin();
        Rows.insert(link().dataSource(), 1);
        assertThatThrownBy(() -> caller.call(() -> {
                    attempts.next();
                    throw new IllegalStateException(undone());
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(transaction.getStatus()).isEqualTo(Status.STATUS_MARKED_ROLLBACK);
        assertThatThrownBy(transaction::commit).isInstanceOf(RollbackException.class);
        assertThat(attempts.count()).isOne();
        assertNothingStored();
    }

    @Test
    void retriesOfTheOwnerRunWhatJoinedAgain() throws Exception {
        var attempts = new Attempts(registry);
        retried.call(() -> {
            Rows.insert(link().dataSource(), 1);
            cdi.call(() -> {
                Rows.insert(link().dataSource(), 2);
                if (attempts.next() == 1) {
                    throw undone();
                }
            });
        });
        assertThat(attempts.transactions()).hasSize(2).doesNotHaveDuplicates();
        assertThat(Rows.stored()).isEqualTo(2);
    }

    @Test
    void signalOfTheApplicationLeavesTheConnectionAliveAndIsNotRunAgain() throws Exception {
        var attempts = new Attempts(registry);
        var sessions = new ArrayList<Long>();
        assertThatThrownBy(() -> retried.call(() -> {
                    attempts.next();
                    try (Connection connection = link().dataSource().getConnection();
                            Statement statement = connection.createStatement()) {
                        sessions.add(Sessions.id(link(), connection));
                        try {
                            statement.execute(link().dialect().failure());
                        } finally {
                            whileItsTransactionGoesOn(() -> sessions.add(Sessions.id(link(), connection)));
                        }
                    }
                }))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("refused");
        assertThat(attempts.count()).isOne();
        assertThat(sessions).containsOnly(sessions.get(0));
        assertThat(pooledSessions()).contains(sessions.get(0));
    }

    /** After a failed statement. */
    void whileItsTransactionGoesOn(Work work) throws Exception {
        work.run();
    }

    @Test
    void deadlockIsRunAgainOnALiveConnection() throws Exception {
        link().faults().execute("insert into row_of_test values (1, ''), (2, '')");
        var bothHold = new CountDownLatch(2);
        Set<Long> sessions = ConcurrentHashMap.newKeySet();
        var attempts = new Attempts(registry);
        Future<?> there = executor.submit(() -> append("a", 1, 2, attempts, bothHold, sessions));
        Future<?> back = executor.submit(() -> append("b", 2, 1, attempts, bothHold, sessions));
        there.get(60, TimeUnit.SECONDS);
        back.get(60, TimeUnit.SECONDS);
        assertThat(attempts.transactions()).hasSize(3).doesNotHaveDuplicates();
        assertThat(observed.events())
                .singleElement()
                .satisfies(event -> assertThat(event.cause())
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                cause -> assertThat(link().dialect().isDeadlock(cause))
                                        .isTrue()));
        assertThat(link().faults().query("select count(*) from row_of_test where source in ('ab', 'ba')"))
                .as("each exactly once")
                .isEqualTo(2);
        assertThat(pooledSessions()).containsAll(sessions);
    }

    private Void append(
            String letter, int first, int second, Attempts attempts, CountDownLatch bothHold, Set<Long> sessions)
            throws Exception {
        retried.call(() -> {
            attempts.next();
            try (Connection connection = link().dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                sessions.add(Sessions.id(link(), connection));
                statement.executeUpdate(append(letter, first));
                bothHold.countDown();
                assertThat(bothHold.await(60, TimeUnit.SECONDS)).isTrue();
                statement.executeUpdate(append(letter, second));
            }
        });
        return null;
    }

    private static String append(String letter, int id) {
        return "update row_of_test set source = concat(source, '" + letter + "') where id = " + id;
    }

    @Test
    void checkedExceptionRollsBackTheOtherDataSourceBeforeTheNextAttempt() throws Exception {
        rollsBackTheOther(retried::call, second());
        rollsBackTheOther(cdi::call, second());
        rollsBackTheOther(transactional::call, second());
        rollsBackTheOther(RetryIT::programmatic, second());
        rollsBackTheOther(retried::call, peer());
    }

    private void rollsBackTheOther(Caller caller, Link other) throws Exception {
        Rows.clear();
        var attempts = new Attempts(registry);
        caller.call(() -> {
            int attempt = attempts.next();
            assertThat(Rows.stored()).isZero();
            Rows.insert(other.dataSource(), attempt);
            Rows.insert(link().dataSource(), 10 + attempt);
            if (attempt == 1) {
                throw undone();
            }
        });
        assertThat(attempts.count()).isEqualTo(2);
        assertThat(Rows.isStored(1)).isFalse();
        assertThat(Rows.isStored(2)).isTrue();
        assertThat(Rows.isStored(12)).isTrue();
        assertThat(Rows.stored()).isEqualTo(2);
    }

    @Test
    void lostConnectionRollsBackTheOtherDataSourceBeforeTheNextAttempt() throws Exception {
        link().faults().arm("values (11, 'test')", FaultKind.CUT_BEFORE);
        var attempts = new Attempts(registry);
        retried.call(() -> {
            int attempt = attempts.next();
            assertThat(Rows.stored()).isZero();
            Rows.insert(second().dataSource(), attempt);
            Rows.insert(link().dataSource(), 10 + attempt);
        });
        assertThat(attempts.count()).isEqualTo(2);
        assertThat(Rows.isStored(2)).isTrue();
        assertThat(Rows.isStored(12)).isTrue();
        assertThat(Rows.stored()).isEqualTo(2);
    }

    @Test
    void timeoutIsNotRunAgainEvenIfTheDatabaseSaysThatItWouldHelp() {
        var attempts = new Attempts(registry);
        assertThatThrownBy(() -> oneSecond(() -> {
                    Rows.insert(link().dataSource(), attempts.next());
                    awaitTimeout();
                    throw undone();
                }))
                .isInstanceOf(SQLException.class)
                .hasMessage("undone by the database");
        assertThat(attempts.count()).isOne();
        assertNothingStored();
    }

    @Test
    void methodThatReturnsAfterTheTimeoutIsToldOfTheRollback() {
        var attempts = new Attempts(registry);
        assertThatThrownBy(() -> oneSecond(() -> {
                    Rows.insert(link().dataSource(), attempts.next());
                    awaitTimeout();
                }))
                .isInstanceOf(RollbackException.class)
                .hasMessage("test returned after its transaction had been rolled back, as a timeout does");
        assertThat(attempts.count()).isOne();
        assertNothingStored();
    }

    private static void oneSecond(Work work) throws Exception {
        RetryingTransaction.with(RetryPolicy.DEFAULT.withTimeoutSeconds(1)).call("test", () -> {
            work.run();
            return "";
        });
    }

    private void awaitTimeout() {
        await().atMost(BOUND)
                .pollInSameThread()
                .until(registry::getTransactionStatus, status -> status != Status.STATUS_ACTIVE);
    }

    @Test
    void ownSetRollbackOnlyIsNotRunAgain() {
        isNotRunAgainAfterSetRollbackOnly(retried::call, "RetriedBean.call");
        isNotRunAgainAfterSetRollbackOnly(cdi::call, "RetriedCdiBean.call");
        isNotRunAgainAfterSetRollbackOnly(transactional::call, "RetriedTransactionalBean.call");
        isNotRunAgainAfterSetRollbackOnly(RetryIT::programmatic, "test");
    }

    private void isNotRunAgainAfterSetRollbackOnly(Caller caller, String name) {
        var attempts = new Attempts(registry);
        assertThatThrownBy(() -> caller.call(() -> {
                    Rows.insert(link().dataSource(), attempts.next());
                    registry.setRollbackOnly();
                }))
                .isInstanceOf(RollbackException.class)
                .hasMessage(name + " returned, but its transaction had been marked rollback-only meanwhile"
                        + " (setRollbackOnly, or an exception that was caught), and has been rolled back");
        assertThat(attempts.count()).isOne();
        assertNothingStored();
    }

    @Test
    void setRollbackOnlyInAnUntouchedBeanReturnsNormallyAsWithoutTheRetry() throws Exception {
        var attempts = new Attempts(registry);
        untouched.call(() -> {
            Rows.insert(link().dataSource(), attempts.next());
            registry.setRollbackOnly();
        });
        assertThat(attempts.count()).isOne();
        assertNothingStored();
    }

    @Test
    void refusedConnectionIsTriedAgain() throws Exception {
        isTriedAgainAfterARefusedConnection(retried::call);
        isTriedAgainAfterARefusedConnection(cdi::call);
        isTriedAgainAfterARefusedConnection(untouched::call);
    }

    private void isTriedAgainAfterARefusedConnection(Caller caller) throws Exception {
        Rows.clear();
        observed.clear();
        link().faults().refuse();
        link().faults().cutAll();
        var attempts = new Attempts(registry);
        caller.call(() -> {
            if (attempts.next() == 2) {
                link().faults().accept();
            }
            insertUnchecked(1);
        });
        assertThat(attempts.transactions()).hasSize(2).doesNotHaveDuplicates();
        assertThat(observed.events())
                .singleElement()
                .satisfies(event -> assertThat(event.cause()).hasStackTraceContaining("No connection: "));
        assertThat(Rows.stored()).isOne();
    }

    @Test
    void statementThatFailsForItselfIsNotRunAgain() throws Exception {
        var attempts = new Attempts(registry);
        assertThatThrownBy(() -> retried.call(() -> {
                    attempts.next();
                    Rows.insert(link().dataSource(), 1);
                    Rows.insert(link().dataSource(), 1);
                }))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(link().dialect().isDuplicate(e)).isTrue());
        assertThat(attempts.count()).isOne();
        assertThat(Rows.stored()).isZero();
    }

    /** A deadlock or serialization failure, as far as anybody can tell from the exception. */
    private static SQLException undone() {
        return new SQLException("undone by the database", "40001");
    }

    /** All that are handed out next, until a new one has to be made. */
    private List<Long> pooledSessions() throws SQLException {
        var sessions = new ArrayList<Long>();
        var open = new ArrayList<Connection>();
        try {
            for (int i = 0; i < 10; i++) {
                Connection connection = link().dataSource().getConnection();
                open.add(connection);
                sessions.add(Sessions.id(link(), connection));
            }
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
        return sessions;
    }

    private static void assertNothingStored() {
        try {
            assertThat(Rows.stored()).isZero();
        } catch (java.rmi.RemoteException e) {
            throw new IllegalStateException(e);
        }
    }
}

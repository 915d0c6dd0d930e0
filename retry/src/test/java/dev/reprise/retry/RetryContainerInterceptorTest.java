// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static dev.reprise.retry.FailingResource.Call.ONE_PHASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.ejb.EJBException;
import jakarta.ejb.EJBTransactionRolledbackException;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.transaction.xa.XAException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The policy on the business interface allows two retries. */
class RetryContainerInterceptorTest {
    private final List<Object> seen = new ArrayList<>();
    private final SQLException lost = new SQLException("lost", "08000");
    private final SeContainer container = SeContainerInitializer.newInstance()
            .disableDiscovery()
            .addBeanClasses(Object.class)
            .initialize();

    @BeforeEach
    void startServer() {
        Jndi.bindTransactionManager();
    }

    @AfterEach
    void stopServer() throws Exception {
        assertThat(Narayana.MANAGER.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        Jndi.BOUND.clear();
        container.close();
    }

    @Test
    void aSystemExceptionBecauseOfALostConnectionIsRetriedInANewTransaction() throws Exception {
        assertThat(required(() -> {
                    seen.add(Narayana.MANAGER.getTransaction());
                    if (seen.size() < 3) {
                        throw new IllegalStateException(lost);
                    }
                    return "done";
                }))
                .isEqualTo("done");

        assertThat(seen).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void thePolicyComesFromTheBusinessInterface() {
        assertThat(catchThrowable(() -> required(() -> {
                    seen.add("attempt");
                    throw new IllegalStateException(lost);
                })))
                .isInstanceOf(EJBException.class)
                .hasRootCause(lost);
        assertThat(seen).hasSize(3);
    }

    @Test
    void aCommitThatWasCertainlyRolledBackIsRetried() throws Exception {
        required(() -> {
            seen.add("attempt");
            if (seen.size() == 1) {
                enlist(XAException.XA_RBCOMMFAIL);
            }
            return null;
        });

        assertThat(seen).hasSize(2);
    }

    @Test
    void aCommitOfUnknownOutcomeIsNot() {
        for (int code : new int[] {XAException.XA_HEURHAZ, XAException.XAER_RMFAIL, XAException.XAER_RMERR}) {
            seen.clear();

            assertThat(catchThrowable(() -> required(() -> {
                        seen.add("attempt");
                        enlist(code);
                        return null;
                    })))
                    .isInstanceOf(TransactionOutcomeUnknownException.class)
                    .hasMessageContaining("XAException " + code);
            assertThat(seen).hasSize(1);
        }
    }

    @Test
    void checkedExceptionsDoNotCount() {
        assertThat(catchThrowable(() -> required(() -> {
                    seen.add("attempt");
                    throw lost;
                })))
                .isSameAs(lost);
        assertThat(seen).hasSize(1);
    }

    @Test
    void workOutsideOfATransactionIsNotRepeated() {
        assertThat(catchThrowable(() -> call(new ManagedBean(false, true, () -> {
                    seen.add("attempt");
                    throw new IllegalStateException(lost);
                }))))
                .isInstanceOf(EJBException.class);
        assertThat(seen).hasSize(1);
    }

    @Test
    void workOutsideOfATransactionIsNotRepeatedBecauseAnInnerOneWasRolledBack() {
        XAException said = new XAException(XAException.XA_RBCOMMFAIL);
        said.initCause(lost);
        RollbackException inner = new RollbackException("inner");
        inner.addSuppressed(said);

        assertThat(catchThrowable(() -> call(new ManagedBean(false, true, () -> {
                    seen.add("attempt");
                    throw new IllegalStateException(inner);
                }))))
                .isInstanceOf(EJBException.class)
                .hasRootCause(inner);
        assertThat(seen).hasSize(1);
    }

    @Test
    void anApplicationExceptionIsPassedOnWhateverItSays() {
        Exception application = new Exception(new SQLException("reply lost", "08007"));

        assertThat(catchThrowable(() -> required(() -> {
                    throw application;
                })))
                .isSameAs(application);
    }

    @Test
    void withoutTheWitnessNothingIsRepeated() {
        assertThat(catchThrowable(() -> call(new ManagedBean(true, false, () -> {
                    seen.add("attempt");
                    throw new IllegalStateException(lost);
                }))))
                .isInstanceOf(EJBException.class);
        assertThat(seen).hasSize(1);
    }

    @Test
    void anotherOnesTransactionIsNotRepeated() throws Exception {
        Narayana.MANAGER.begin();

        assertThat(catchThrowable(() -> required(() -> {
                    seen.add("attempt");
                    throw new IllegalStateException(lost);
                })))
                .isInstanceOf(EJBException.class);

        assertThat(seen).hasSize(1);
        Narayana.MANAGER.rollback();
    }

    @Test
    void theApplicationsOwnSetRollbackOnlyStaysWhatItWas() throws Exception {
        assertThat(required(() -> {
                    seen.add("attempt");
                    Narayana.MANAGER.setRollbackOnly();
                    return "refused";
                }))
                .isEqualTo("refused");
        assertThat(seen).hasSize(1);
    }

    @Test
    void aTimeoutThatShowsAsALostConnectionIsNotRetried() throws Exception {
        Narayana.MANAGER.setTransactionTimeout(1);
        try {
            assertThat(catchThrowable(() -> required(() -> {
                        seen.add("attempt");
                        Awaitility.await()
                                .pollInSameThread()
                                .atMost(Duration.ofSeconds(20))
                                .until(() -> Narayana.MANAGER.getStatus() != Status.STATUS_ACTIVE);
                        throw new IllegalStateException(lost);
                    })))
                    .isInstanceOf(EJBException.class);
        } finally {
            Narayana.MANAGER.setTransactionTimeout(0);
        }
        assertThat(seen).hasSize(1);
    }

    @Test
    void aCommitThatEndsWithoutAnAnswerIsUnknown() {
        assertUnknownWithoutAnAnswer(null);
    }

    @Test
    void soIsTheOneForAnApplicationException() {
        assertUnknownWithoutAnAnswer(new Exception("limit reached, and noted"));
    }

    private static void assertUnknownWithoutAnAnswer(@Nullable Exception thrown) {
        TransactionWitness.Testimony testimony = new TransactionWitness.Testimony();
        testimony.arrived = true;
        testimony.inTransaction = true;
        testimony.thrown = thrown;
        EJBException failure = new EJBException(new SystemException("no answer"));

        assertThat(RetryContainerInterceptor.judged("Bank.transfer", failure, testimony))
                .isInstanceOfSatisfying(
                        Attempt.Failed.class,
                        failed -> assertThat(failed.failure())
                                .isInstanceOf(TransactionOutcomeUnknownException.class)
                                .hasCause(failure));
    }

    @Test
    void aRollbackIsReadThroughTheContainersException() {
        EJBTransactionRolledbackException timeout = new EJBTransactionRolledbackException("timeout");

        assertThat(RetryContainerInterceptor.judged("Bank.transfer", timeout, new TransactionWitness.Testimony()))
                .isEqualTo(new Attempt.Failed<>(timeout, false));
    }

    private static Object required(Callable<?> bean) throws Exception {
        return call(new ManagedBean(true, true, bean));
    }

    @SuppressWarnings("NullAway")
    private static Object call(ManagedBean invocation) throws Exception {
        return new RetryContainerInterceptor().retry(invocation);
    }

    private void enlist(int code) throws Exception {
        XAException failure = new XAException(code);
        failure.initCause(lost);
        Narayana.MANAGER.getTransaction().enlistResource(new FailingResource().at(ONE_PHASE, failure));
    }
}

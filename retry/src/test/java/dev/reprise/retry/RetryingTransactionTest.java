// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.persistence.PersistenceException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The runner over the real transaction manager and two real databases. */
class RetryingTransactionTest {
    private final UserTransaction transaction = Narayana.transaction();
    private final FakeTime time = new FakeTime();
    private final List<Object> seen = new ArrayList<>();
    private final Database one = new Database("one");
    private final Database two = new Database("two");

    @BeforeEach
    void createTables() throws SQLException {
        one.create();
        two.create();
    }

    @AfterEach
    void nothingIsLeftOnTheThread() throws Exception {
        assertThat(transaction.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        one.drop();
        two.drop();
    }

    @Test
    void returningMeansCommitted() throws Exception {
        assertThat(call(() -> {
                    one.insert(1);
                    two.insert(1);
                    return "done";
                }))
                .isEqualTo("done");

        assertThat(one.rows()).containsExactly(1);
        assertThat(two.rows()).containsExactly(1);
    }

    @Test
    void eachAttemptIsANewTransactionAndOnlyTheLastOneStays() throws Exception {
        call(() -> {
            seen.add(Narayana.MANAGER.getTransaction());
            one.insert(seen.size());
            two.insert(seen.size());
            if (seen.size() < 3) {
                throw new IllegalStateException("business", lost());
            }
            return null;
        });

        assertThat(seen).doesNotHaveDuplicates().hasSize(3);
        assertThat(one.rows()).containsExactly(3);
        assertThat(two.rows()).containsExactly(3);
    }

    @Test
    void aCheckedSqlExceptionRollsBothDatabasesBackBeforeTheRetry() throws Exception {
        call(() -> {
            seen.add("attempt");
            one.insert(seen.size());
            if (seen.size() == 1) {
                throw lost();
            }
            assertThat(one.rows()).isEmpty();
            return null;
        });

        assertThat(one.rows()).containsExactly(2);
    }

    @Test
    void aCheckedSqlExceptionThatIsNotRetriedRollsBackToo() throws Exception {
        SQLException duplicate = new SQLException("duplicate", "23505");

        assertThat(catchThrowable(() -> call(() -> {
                    one.insert(1);
                    throw duplicate;
                })))
                .isSameAs(duplicate);

        assertThat(one.rows()).isEmpty();
    }

    @Test
    void aCheckedExceptionOfTheApplicationCommits() throws Exception {
        Exception refused = new Exception("limit reached, and noted");

        assertThat(catchThrowable(() -> call(() -> {
                    one.insert(1);
                    throw refused;
                })))
                .isSameAs(refused);

        assertThat(one.rows()).containsExactly(1);
    }

    @Test
    void aFailedCommitBeatsTheCheckedExceptionThatWantedIt() {
        Exception refused = new Exception("limit reached, and noted");

        Throwable thrown = catchThrowable(() -> call(() -> {
            beforeCommit(() -> {
                throw new IllegalStateException("invalid");
            });
            throw refused;
        }));

        assertThat(thrown).isInstanceOf(RollbackException.class).hasSuppressedException(refused);
    }

    @Test
    void anErrorRollsBack() throws Exception {
        Error error = new AssertionError("invariant");

        assertThat(catchThrowable(() -> call(() -> {
                    one.insert(1);
                    throw error;
                })))
                .isSameAs(error);

        assertThat(one.rows()).isEmpty();
    }

    @Test
    void aLostConnectionInJpasFlushAtCommitIsRetried() throws Exception {
        call(() -> {
            seen.add("attempt");
            one.insert(seen.size());
            if (seen.size() == 1) {
                beforeCommit(() -> {
                    throw new PersistenceException("flush", lost());
                });
            }
            return null;
        });

        assertThat(one.rows()).containsExactly(2);
    }

    @Test
    void aMarkedTransactionIsRetriedIfTheExceptionSaysWhy() throws Exception {
        call(() -> {
            seen.add("attempt");
            if (seen.size() == 1) {
                transaction.setRollbackOnly(); // as JPA or an inner bean does
                throw new PersistenceException(lost());
            }
            one.insert(seen.size());
            return null;
        });

        assertThat(one.rows()).containsExactly(2);
    }

    @Test
    void theApplicationsOwnSetRollbackOnlyIsNotRetriedAndNotTakenForACommit() throws Exception {
        Throwable thrown = catchThrowable(() -> call(() -> {
            seen.add("attempt");
            one.insert(1);
            transaction.setRollbackOnly();
            return null;
        }));

        assertThat(thrown)
                .isInstanceOf(RollbackException.class)
                .hasMessage("Bank.transfer returned, but its transaction had been marked rollback-only meanwhile"
                        + " (setRollbackOnly, or an exception that was caught), and has been rolled back");
        assertThat(seen).hasSize(1);
        assertThat(one.rows()).isEmpty();
    }

    @Test
    void aTimeoutIsNotRetried() throws Exception {
        Throwable thrown = catchThrowable(() -> call(RetryPolicy.DEFAULT.withTimeoutSeconds(1), () -> {
            seen.add("attempt");
            one.insert(1);
            awaitTimeout();
            return null;
        }));

        assertThat(thrown)
                .isInstanceOf(RollbackException.class)
                .hasMessage("Bank.transfer returned after its transaction had been rolled back, as a timeout does");
        assertThat(seen).hasSize(1);
        assertThat(one.rows()).isEmpty();
    }

    @Test
    void aTimeoutThatShowsAsALostConnectionIsNotRetriedEither() {
        SQLException lost = lost();

        assertThat(catchThrowable(() -> call(RetryPolicy.DEFAULT.withTimeoutSeconds(1), () -> {
                    seen.add("attempt");
                    awaitTimeout();
                    throw lost;
                })))
                .isSameAs(lost);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aServerThatOnlyMarksATimedOutTransactionIsNotRetriedEither() {
        SQLException lost = lost();

        assertThat(catchThrowable(() -> call(RetryPolicy.DEFAULT.withTimeoutSeconds(10), () -> {
                    seen.add("attempt");
                    transaction.setRollbackOnly();
                    time.passMillis(10_000);
                    throw lost;
                })))
                .isSameAs(lost);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aLostAutoCommitReplyIsUnknown() throws Exception {
        SQLException unknown = new SQLException("reply lost", "08007");

        assertThat(catchThrowable(() -> call(() -> {
                    seen.add("attempt");
                    one.insert(1);
                    throw new IllegalStateException(unknown);
                })))
                .isInstanceOf(TransactionOutcomeUnknownException.class)
                .hasMessageContaining("SQLState 08007 reply lost")
                .hasRootCause(unknown);
        assertThat(seen).hasSize(1);
        assertThat(one.rows()).isEmpty();
    }

    @Test
    void aRollbackThatWasNotSeenIsUnknown() {
        SystemException unseen = new SystemException("rollback failed");
        SQLException lost = lost();
        RetryingTransaction unreliable = new RetryingTransaction(
                new Retries(RetryPolicy.DEFAULT, time.time(), event -> {}),
                new FailingTransaction(transaction, "rollback", unseen));

        assertThat(catchThrowable(() -> unreliable.call("Bank.transfer", () -> {
                    seen.add("attempt");
                    throw lost;
                })))
                .isInstanceOf(TransactionOutcomeUnknownException.class)
                .hasCause(lost);
        assertThat(lost.getSuppressed()).containsExactly(unseen);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aCommitThatEndsWithoutAnAnswerIsUnknown() {
        SystemException noAnswer = new SystemException("commit failed");
        RetryingTransaction unreliable = new RetryingTransaction(
                new Retries(RetryPolicy.DEFAULT, time.time(), event -> {}),
                new FailingTransaction(transaction, "commit", noAnswer));

        assertThat(catchThrowable(() -> unreliable.call("Bank.transfer", () -> seen.add("attempt"))))
                .isInstanceOf(TransactionOutcomeUnknownException.class)
                .hasCause(noAnswer)
                .hasMessageEndingWith(": jakarta.transaction.SystemException: commit failed");
        assertThat(seen).hasSize(1);
    }

    @Test
    void anApplicationThatEndsTheTransactionItselfIsTold() {
        assertThat(catchThrowable(() -> call(() -> {
                    transaction.commit();
                    return null;
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Bank.transfer ended the transaction that it was run in; leave commit and rollback to the retry");
    }

    @Test
    void withinATransactionNothingIsRepeatedAndNothingCanBeCommitted() throws Exception {
        SQLException lost = lost();
        transaction.begin();

        assertThat(catchThrowable(() -> call(() -> {
                    seen.add("attempt");
                    throw lost;
                })))
                .isSameAs(lost);

        assertThat(seen).hasSize(1);
        assertThat(transaction.getStatus()).isEqualTo(Status.STATUS_MARKED_ROLLBACK);
        transaction.rollback();
    }

    @Test
    void withinATransactionTheResultIsPassedOnAndTheOwnerCommits() throws Exception {
        transaction.begin();

        assertThat(call(() -> "joined")).isEqualTo("joined");

        assertThat(transaction.getStatus()).isEqualTo(Status.STATUS_ACTIVE);
        transaction.commit();
    }

    @Test
    void withinAMarkedTransactionNothingIsRepeatedEither() throws Exception {
        transaction.begin();
        transaction.setRollbackOnly();

        assertThat(catchThrowable(() -> call(() -> {
                    seen.add("attempt");
                    throw lost();
                })))
                .isInstanceOf(SQLException.class);

        assertThat(seen).hasSize(1);
        transaction.rollback();
    }

    @Test
    void theTimeoutIsNotLeftBehindOnTheThread() throws Exception {
        call(RetryPolicy.DEFAULT.withTimeoutSeconds(77), () -> null);

        assertThat(com.arjuna.ats.jta.TransactionManager.transactionManager())
                .isInstanceOfSatisfying(
                        com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionManagerImple.class,
                        manager -> assertThat(timeoutOf(manager)).isNotEqualTo(77));
    }

    private static int timeoutOf(com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionManagerImple manager) {
        try {
            return manager.getTimeout();
        } catch (jakarta.transaction.SystemException failed) {
            throw new AssertionError(failed);
        }
    }

    private <T> T call(Callable<T> work) throws Exception {
        return call(RetryPolicy.DEFAULT, work);
    }

    private <T> T call(RetryPolicy policy, Callable<T> work) throws Exception {
        return new RetryingTransaction(new Retries(policy, time.time(), event -> {}), transaction)
                .call("Bank.transfer", work);
    }

    private static SQLException lost() {
        return new SQLException("lost", "08000", -1);
    }

    private void awaitTimeout() {
        Awaitility.await()
                .pollInSameThread()
                .atMost(Duration.ofSeconds(20))
                .until(() -> transaction.getStatus() != Status.STATUS_ACTIVE);
    }

    private static void beforeCommit(Runnable action) throws Exception {
        Narayana.MANAGER.getTransaction().registerSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                action.run();
            }

            @Override
            public void afterCompletion(int status) {}
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static dev.reprise.retry.FailingResource.Call.END;
import static dev.reprise.retry.FailingResource.Call.ONE_PHASE;
import static dev.reprise.retry.FailingResource.Call.PREPARE;
import static dev.reprise.retry.FailingResource.Call.ROLLBACK;
import static dev.reprise.retry.FailingResource.Call.SECOND_PHASE;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the caller is told when a resource fails at the end of a transaction of the real transaction manager. */
class CommitOutcomeTest {
    /** What the caller learns; RETRIED means that the second attempt committed. */
    enum Told {
        COMMITTED,
        ROLLED_BACK,
        RETRIED,
        UNKNOWN
    }

    private final FakeTime time = new FakeTime();
    private final AtomicInteger attempts = new AtomicInteger();

    static Stream<Arguments> onePhase() {
        return Stream.of(
                Arguments.of(XAException.XA_RBCOMMFAIL, "08000", Told.RETRIED),
                Arguments.of(XAException.XA_RBCOMMFAIL, "57P01", Told.RETRIED),
                Arguments.of(XAException.XA_RBCOMMFAIL, "08007", Told.UNKNOWN),
                Arguments.of(XAException.XA_RBCOMMFAIL, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBDEADLOCK, "40001", Told.RETRIED),
                Arguments.of(XAException.XA_RBDEADLOCK, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBROLLBACK, "40P01", Told.RETRIED),
                Arguments.of(XAException.XA_RBROLLBACK, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XA_RBROLLBACK, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBINTEGRITY, "23505", Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBTIMEOUT, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBOTHER, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBPROTO, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBTRANSIENT, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_HEURRB, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XA_HEURRB, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_HEURHAZ, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XA_HEURMIX, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XAER_RMFAIL, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XAER_NOTA, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XAER_INVAL, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XAER_RMERR, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XA_RETRY, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XAER_PROTO, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XA_HEURCOM, null, Told.COMMITTED),
                // The transaction manager calls these committed, so they must never leave an adapter:
                Arguments.of(0, "08000", Told.COMMITTED),
                Arguments.of(XAException.XAER_ASYNC, "08000", Told.COMMITTED));
    }

    @ParameterizedTest(name = "{0} because of {1}: {2}")
    @MethodSource("onePhase")
    void onePhaseCommitFails(int code, @Nullable String state, Told told) throws Exception {
        assertThat(told(new FailingResource().at(ONE_PHASE, xa(code, state)))).isEqualTo(told);
    }

    static Stream<Arguments> prepare() {
        return Stream.of(
                Arguments.of(XAException.XA_RBCOMMFAIL, "08000", Told.RETRIED),
                Arguments.of(XAException.XA_RBDEADLOCK, "40001", Told.RETRIED),
                Arguments.of(XAException.XA_RBROLLBACK, null, Told.ROLLED_BACK),
                Arguments.of(XAException.XA_RBROLLBACK, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XAER_RMFAIL, "08000", Told.UNKNOWN), // a branch may be left prepared
                Arguments.of(XAException.XAER_RMERR, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XAER_NOTA, null, Told.UNKNOWN),
                Arguments.of(0, "08000", Told.UNKNOWN));
    }

    @ParameterizedTest(name = "{0} because of {1}: {2}")
    @MethodSource("prepare")
    void prepareFailsBesideAGoodResource(int code, @Nullable String state, Told told) throws Exception {
        assertThat(told(new FailingResource().at(PREPARE, xa(code, state)), new FailingResource()))
                .isEqualTo(told);
    }

    static Stream<Arguments> secondPhase() {
        return Stream.of(
                Arguments.of(XAException.XAER_RMFAIL, "08000", Told.COMMITTED), // recovery finishes it
                Arguments.of(XAException.XA_RETRY, null, Told.COMMITTED),
                Arguments.of(XAException.XA_HEURCOM, null, Told.COMMITTED),
                Arguments.of(XAException.XA_HEURHAZ, "08000", Told.UNKNOWN),
                Arguments.of(XAException.XA_HEURMIX, null, Told.UNKNOWN),
                Arguments.of(XAException.XA_HEURRB, null, Told.UNKNOWN),
                Arguments.of(0, "08000", Told.UNKNOWN));
    }

    @ParameterizedTest(name = "{0} because of {1}: {2}")
    @MethodSource("secondPhase")
    void secondPhaseFailsBesideACommittedResource(int code, @Nullable String state, Told told) throws Exception {
        assertThat(told(new FailingResource(), new FailingResource().at(SECOND_PHASE, xa(code, state))))
                .isEqualTo(told);
    }

    static Stream<Arguments> rollback() {
        return Stream.of(
                Arguments.of(XAException.XAER_RMFAIL, Told.RETRIED), // nobody will ever commit that branch
                Arguments.of(XAException.XAER_RMERR, Told.RETRIED),
                Arguments.of(XAException.XAER_NOTA, Told.RETRIED),
                Arguments.of(XAException.XA_RBROLLBACK, Told.RETRIED),
                Arguments.of(XAException.XA_HEURRB, Told.RETRIED),
                Arguments.of(XAException.XA_HEURCOM, Told.UNKNOWN),
                Arguments.of(XAException.XA_HEURMIX, Told.UNKNOWN),
                Arguments.of(XAException.XA_HEURHAZ, Told.UNKNOWN));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("rollback")
    void rollbackFailsAfterAnotherResourceFailedToPrepare(int code, Told told) throws Exception {
        assertThat(told(
                        new FailingResource().at(PREPARE, xa(XAException.XA_RBCOMMFAIL, "08000")),
                        new FailingResource().at(ROLLBACK, xa(code, null))))
                .isEqualTo(told);
    }

    /**
     * Narayana keeps every failure of a plain rollback to itself, heuristic ones too. Nothing was prepared then, and only
     * a prepared branch may be decided by its resource.
     */
    @ParameterizedTest
    @ValueSource(ints = {XAException.XAER_RMFAIL, XAException.XAER_RMERR, XAException.XA_HEURHAZ, 0})
    void rollbackFailsAfterALostConnection(int code) throws Exception {
        SQLException lost = new SQLException("lost", "08000");

        assertThat(told(lost, new FailingResource().at(ROLLBACK, xa(code, null))))
                .isEqualTo(Told.RETRIED);
    }

    @Test
    void endThatSaysRolledBackIsRetried() throws Exception {
        assertThat(told(new FailingResource().at(END, xa(XAException.XA_RBCOMMFAIL, "08000"))))
                .isEqualTo(Told.RETRIED);
    }

    @Test
    void endThatLosesTheCauseIsNotRetried() throws Exception {
        assertThat(told(new FailingResource().at(END, xa(XAException.XAER_RMFAIL, null))))
                .isIn(Told.ROLLED_BACK, Told.UNKNOWN);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void theUnknownNamesWhatTheResourceSaid() {
        XAException said = new XAException("branch 7f-01 unresolved after 30 s");
        said.errorCode = XAException.XA_HEURHAZ;
        FailingResource resource = new FailingResource().at(ONE_PHASE, said);

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> call(null, resource)))
                .isInstanceOf(TransactionOutcomeUnknownException.class)
                .hasMessage(
                        "Whether the transaction of Bank.transfer was committed is unknown, and it was not run again:"
                                + " HeuristicMixedException; XAException 8 branch 7f-01 unresolved after 30 s")
                .hasCauseInstanceOf(jakarta.transaction.HeuristicMixedException.class);
    }

    private Told told(FailingResource... resources) throws Exception {
        return told(null, resources);
    }

    private Told told(@Nullable Exception thrown, FailingResource... resources) throws Exception {
        try {
            call(thrown, resources);
            return attempts.get() == 1 ? Told.COMMITTED : Told.RETRIED;
        } catch (RollbackException rolledBack) {
            assertThat(attempts).hasValue(1);
            return Told.ROLLED_BACK;
        } catch (TransactionOutcomeUnknownException unknown) {
            assertThat(attempts).hasValue(1);
            return Told.UNKNOWN;
        }
    }

    /** The resources take part in the first attempt only, which ends by throwing if there is something to throw. */
    private void call(@Nullable Exception thrown, FailingResource... resources) throws Exception {
        Retries retries = new Retries(RetryPolicy.DEFAULT, time.time(), event -> {});
        new RetryingTransaction(retries, Narayana.transaction()).call("Bank.transfer", () -> {
            if (attempts.incrementAndGet() == 1) {
                for (FailingResource resource : resources) {
                    Narayana.MANAGER.getTransaction().enlistResource(resource);
                }
                if (thrown != null) {
                    throw thrown;
                }
            }
            return null;
        });
    }

    @AfterEach
    void nothingIsLeftOnTheThread() throws Exception {
        assertThat(Narayana.MANAGER.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
    }

    private static XAException xa(int code, @Nullable String state) {
        XAException exception = new XAException(code);
        if (state != null) {
            exception.initCause(new SQLException("state " + state, state));
        }
        return exception;
    }
}

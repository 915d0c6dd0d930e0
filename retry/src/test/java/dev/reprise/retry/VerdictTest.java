// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static dev.reprise.retry.Verdict.FINAL;
import static dev.reprise.retry.Verdict.RETRY;
import static dev.reprise.retry.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJBException;
import jakarta.ejb.EJBTransactionRolledbackException;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.HeuristicCommitException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.RollbackException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("application error", FINAL, new IllegalStateException("no money")),
                Arguments.of("constraint", FINAL, sql("23505")),
                Arguments.of("lost", RETRY, new RuntimeException(lost())),
                Arguments.of("lost, only suppressed", RETRY, suppressing(new RuntimeException(), lost())),
                Arguments.of("lost, only as next exception", RETRY, next(sql("23505"), lost())),
                Arguments.of("deadlock in an EJB", RETRY, new EJBException(new RuntimeException(sql("40001")))),
                Arguments.of("XA START failed on a dead connection", RETRY, with(lost(), xa(XAException.XAER_RMFAIL))),
                Arguments.of("auto-commit reply lost", UNKNOWN, new RuntimeException(sql("08007"))),
                Arguments.of("both lost and reply lost", UNKNOWN, suppressing(lost(), sql("08007"))),
                Arguments.of("inner unknown", UNKNOWN, new EJBException(unknown(lost()))),
                Arguments.of("mixed", UNKNOWN, new EJBException(new HeuristicMixedException())),
                Arguments.of("mixed and lost", UNKNOWN, suppressing(new HeuristicMixedException(), lost())),
                Arguments.of("heuristic commit", UNKNOWN, new HeuristicCommitException()),
                Arguments.of("heuristic rollback", FINAL, new HeuristicRollbackException()),
                Arguments.of("ours, rolled back", RETRY, rollback(xa(XAException.XA_RBCOMMFAIL, lost()))),
                Arguments.of(
                        "ours, rolled back, in an EJB",
                        RETRY,
                        new EJBTransactionRolledbackException("", rollback(xa(XAException.XA_RBCOMMFAIL, lost())))),
                Arguments.of("two of ours", RETRY, rollback(commFail(), commFail())),
                Arguments.of("deadlock at commit", RETRY, rollback(xa(XAException.XA_RBDEADLOCK, sql("40001")))),
                Arguments.of("says rolled back, not why", FINAL, rollback(xa(XAException.XA_RBROLLBACK))),
                Arguments.of("deferred constraint", FINAL, rollback(xa(XAException.XA_RBINTEGRITY, sql("23505")))),
                Arguments.of(
                        "ours, and a constraint elsewhere",
                        FINAL,
                        rollback(commFail(), xa(XAException.XA_RBINTEGRITY, sql("23505")))),
                Arguments.of("ours, and foreign silence", UNKNOWN, rollback(commFail(), xa(XAException.XAER_RMFAIL))),
                Arguments.of("ours, and foreign error", UNKNOWN, rollback(commFail(), xa(XAException.XAER_RMERR))),
                Arguments.of("rmerr over lost", UNKNOWN, rollback(xa(XAException.XAER_RMERR, lost()))),
                Arguments.of("code 0", UNKNOWN, rollback(xa(0, lost()))),
                Arguments.of("hazard", UNKNOWN, rollback(xa(XAException.XA_HEURHAZ, lost()))),
                Arguments.of("retry", UNKNOWN, rollback(xa(XAException.XA_RETRY, lost()))),
                Arguments.of(
                        "heuristic rollback of a resource", FINAL, rollback(xa(XAException.XA_HEURRB, sql("40001")))),
                Arguments.of("local COMMIT lost", UNKNOWN, rollback(xa(XAException.XA_RBROLLBACK, lost()))),
                Arguments.of(
                        "local COMMIT lost, no SQL",
                        UNKNOWN,
                        rollback(xa(XAException.XA_RBROLLBACK, new IOException("reset")))),
                Arguments.of(
                        "local transaction known to be undone",
                        RETRY,
                        rollback(xa(XAException.XA_RBROLLBACK, with(sql("40001"), lost())))),
                Arguments.of("ours, but reply lost", UNKNOWN, rollback(xa(XAException.XA_RBCOMMFAIL, sql("08007")))),
                Arguments.of("timeout or setRollbackOnly", FINAL, rollback()),
                Arguments.of("JPA flush lost", RETRY, with(rollback(), new PersistenceException(lost()))),
                Arguments.of(
                        "JPA flush lost, and others met the marked transaction",
                        RETRY,
                        with(rollback(new RollbackException("WFTXN0061")), new PersistenceException(lost()))),
                Arguments.of(
                        "only somebody who met the marked transaction",
                        FINAL,
                        rollback(new RollbackException("WFTXN0061"))),
                Arguments.of(
                        "JPA flush lost, as WildFly reports it",
                        RETRY,
                        new EJBTransactionRolledbackException(
                                "", suppressing(with(rollback(), new PersistenceException(lost())), rollback()))),
                Arguments.of(
                        "JPA flush lost, and another transaction rolled back for no known reason",
                        FINAL,
                        suppressing(new EJBException(with(rollback(), new PersistenceException(lost()))), rollback())),
                Arguments.of("flush met a deadlock", RETRY, with(rollback(), new RuntimeException(sql("40001")))),
                Arguments.of("lost, nobody knows where", UNKNOWN, with(rollback(), new RuntimeException(lost()))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("failures")
    void isReadFromTheWholeFailure(String what, Verdict expected, Throwable failure) {
        assertThat(Verdict.of(failure)).isEqualTo(expected);
    }

    @Test
    void nothingIsRetriedWhoseCausesCouldNotAllBeSeen() {
        SQLException first = lost();
        for (int i = 0; i < 20_000; i++) {
            first = next(new SQLException("number " + i), first);
        }

        assertThat(Verdict.of(next(lost(), first))).isEqualTo(FINAL);
    }

    private static SQLException lost() {
        return sql("08000");
    }

    private static SQLException sql(String state) {
        return new SQLException("state " + state, state);
    }

    private static XAException commFail() {
        return xa(XAException.XA_RBCOMMFAIL, lost());
    }

    private static XAException xa(int code) {
        return xa(code, null);
    }

    private static XAException xa(int code, @Nullable Throwable cause) {
        XAException exception = new XAException(code);
        return cause == null ? exception : with(exception, cause);
    }

    private static RollbackException rollback(Throwable... suppressed) {
        return suppressing(new RollbackException("ARJUNA016053: Could not commit transaction."), suppressed);
    }

    private static TransactionOutcomeUnknownException unknown(Throwable cause) {
        return new TransactionOutcomeUnknownException("unknown", cause);
    }

    private static <T extends Throwable> T with(T throwable, Throwable cause) {
        throwable.initCause(cause);
        return throwable;
    }

    private static <T extends Throwable> T suppressing(T throwable, Throwable... suppressed) {
        Stream.of(suppressed).forEach(throwable::addSuppressed);
        return throwable;
    }

    private static SQLException next(SQLException exception, SQLException next) {
        exception.setNextException(next);
        return exception;
    }
}

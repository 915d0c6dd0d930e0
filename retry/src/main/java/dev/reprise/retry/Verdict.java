// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.HeuristicCommitException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.RollbackException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import javax.transaction.xa.XAException;

/**
 * What a failure says about its transaction, read from JDK and Jakarta types alone. It presumes that what was not asked
 * to commit has been rolled back, which the one who asks must have seen to.
 */
enum Verdict {
    /** Certainly rolled back, and worth another attempt. */
    RETRY,
    /** Nothing says that the outcome is in doubt, but another attempt would not help or nobody says that it would. */
    FINAL,
    /** Something may have been committed. */
    UNKNOWN;

    static Verdict of(Throwable failure) {
        Causes causes = Causes.of(failure);
        List<SqlFault> faults =
                causes.of(SQLException.class).stream().map(SqlFault::of).toList();
        if (causes.contain(TransactionOutcomeUnknownException.class)
                || causes.contain(HeuristicMixedException.class)
                || causes.contain(HeuristicCommitException.class)
                || faults.contains(SqlFault.OUTCOME_UNKNOWN)) {
            return UNKNOWN;
        }
        boolean worth = causes.complete() && faults.stream().anyMatch(fault -> fault.worthRetrying);
        Verdict verdict = worth ? RETRY : FINAL;
        List<RollbackException> rollbacks = causes.of(RollbackException.class);
        for (RollbackException rollback : rollbacks) {
            if (!isEcho(rollback, rollbacks)) {
                verdict = verdict.worse(ofRollback(rollback));
            }
        }
        return verdict;
    }

    /**
     * WildFly's transaction client suppresses a bare "marked rollback-only" in the RollbackException of a commit whose
     * synchronization failed. It says nothing that the outer one does not say with its reasons.
     */
    private static boolean isEcho(RollbackException rollback, List<RollbackException> all) {
        return Causes.of(rollback).all().size() == 1
                && all.stream()
                        .filter(outer -> !outer.equals(rollback))
                        .anyMatch(outer -> Causes.of(outer).all().contains(rollback));
    }

    private Verdict worse(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** A failed commit. "Rolled back" is believed only if every resource that failed says so and may know it. */
    private static Verdict ofRollback(RollbackException rollback) {
        Causes causes = Causes.of(rollback);
        List<XAException> resources = causes.of(XAException.class);
        if (resources.isEmpty()) {
            return ofSynchronization(causes);
        }
        return resources.stream().map(Verdict::ofResource).reduce(RETRY, Verdict::worse);
    }

    /**
     * No resource has failed, so it was something before the commit: a timeout, setRollbackOnly, or a synchronization,
     * as when JPA flushes. But a transaction manager may report a local resource's lost COMMIT without any XAException,
     * so a lost connection counts as rolled back only if it comes from JPA.
     */
    private static Verdict ofSynchronization(Causes causes) {
        if (!lostConnection(causes) || causes.contain("jakarta.persistence.PersistenceException")) {
            return worthRetrying(causes) ? RETRY : FINAL;
        }
        return UNKNOWN;
    }

    /**
     * XA_RB* says rolled back (X/Open XA, chapter 3), and XA_RBCOMMFAIL says so of a lost connection. Any other XA_RB*
     * around a lost connection is not believed: containers report a local transaction's lost COMMIT as XA_RBROLLBACK.
     */
    private static Verdict ofResource(XAException exception) {
        Causes causes = Causes.of(exception);
        boolean rolledBack =
                exception.errorCode >= XAException.XA_RBBASE && exception.errorCode <= XAException.XA_RBEND;
        if (!rolledBack && exception.errorCode != XAException.XA_HEURRB) {
            return UNKNOWN;
        }
        if (exception.errorCode != XAException.XA_RBCOMMFAIL && lostConnection(causes) && !undone(causes)) {
            return UNKNOWN;
        }
        return rolledBack && worthRetrying(causes) ? RETRY : FINAL;
    }

    private static boolean worthRetrying(Causes causes) {
        return causes.of(SQLException.class).stream().anyMatch(sql -> SqlFault.of(sql).worthRetrying);
    }

    private static boolean lostConnection(Causes causes) {
        return causes.contain(IOException.class)
                || causes.of(SQLException.class).stream().anyMatch(sql -> SqlFault.of(sql) == SqlFault.LOST);
    }

    /** The outermost SQLException, which knew the ones below it, says that the transaction is undone. */
    private static boolean undone(Causes causes) {
        return causes.of(SQLException.class).stream().limit(1).anyMatch(sql -> SqlFault.of(sql) == SqlFault.UNDONE);
    }
}

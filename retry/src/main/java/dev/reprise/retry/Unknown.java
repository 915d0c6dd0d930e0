// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.HeuristicCommitException;
import jakarta.transaction.HeuristicMixedException;
import java.sql.SQLException;
import java.util.stream.Collectors;
import javax.transaction.xa.XAException;

/** Words the exception for an unknown outcome. */
final class Unknown {
    private Unknown() {}

    /** The failure itself if it already says so. */
    static TransactionOutcomeUnknownException outcomeOf(String name, Throwable failure) {
        if (failure instanceof TransactionOutcomeUnknownException known) {
            return known;
        }
        String said = Causes.of(failure).all().stream()
                .filter(Unknown::saysWhy)
                .map(Unknown::describe)
                .distinct()
                .limit(4)
                .collect(Collectors.joining("; "));
        return new TransactionOutcomeUnknownException(
                "Whether the transaction of " + name + " was committed is unknown, and it was not run again: "
                        + (said.isEmpty() ? failure : said),
                failure);
    }

    private static boolean saysWhy(Throwable t) {
        return t instanceof XAException
                || t instanceof SQLException
                || t instanceof HeuristicMixedException
                || t instanceof HeuristicCommitException
                || t instanceof TransactionOutcomeUnknownException;
    }

    private static String describe(Throwable t) {
        String text = t.getMessage() == null ? "" : " " + t.getMessage();
        if (t instanceof XAException xa) {
            return "XAException " + xa.errorCode + text;
        }
        if (t instanceof SQLException sql) {
            return "SQLState " + sql.getSQLState() + text;
        }
        return t.getClass().getSimpleName() + text;
    }
}

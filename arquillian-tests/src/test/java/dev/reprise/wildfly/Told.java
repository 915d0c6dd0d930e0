// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.TransactionOutcomeUnknownException;
import jakarta.transaction.HeuristicCommitException;
import jakarta.transaction.HeuristicMixedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of a transaction was told: the half of the truth that is compared with the rows.
 *
 * @param failure null if the call returned
 */
public record Told(@Nullable Throwable failure) {

    /** What a caller can make of it. */
    public enum Outcome {
        /** The call returned. */
        COMMITTED,
        /** It failed, and nothing says that the outcome is in doubt. */
        ROLLED_BACK,
        UNKNOWN
    }

    public static Told by(Work work) {
        try {
            work.run();
            return new Told(null);
        } catch (Exception e) { // whatever it is, it is what is looked at
            return new Told(e);
        }
    }

    public Outcome outcome() {
        if (failure == null) {
            return Outcome.COMMITTED;
        }
        boolean unknown = has(HeuristicMixedException.class)
                || has(HeuristicCommitException.class)
                || has(TransactionOutcomeUnknownException.class);
        return unknown ? Outcome.UNKNOWN : Outcome.ROLLED_BACK;
    }

    boolean has(Class<? extends Throwable> type) {
        return all().stream().anyMatch(type::isInstance);
    }

    /** The SQLStates that an application finds by looking for the reason. */
    List<String> sqlStates() {
        return all().stream()
                .filter(SQLException.class::isInstance)
                .map(e -> String.valueOf(((SQLException) e).getSQLState()))
                .toList();
    }

    /** Reachable by causes and suppressed exceptions, nearest first. */
    List<Throwable> all() {
        var found = new ArrayList<Throwable>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        add(failure, found, seen);
        for (int i = 0; i < found.size(); i++) {
            add(found.get(i).getCause(), found, seen);
            for (Throwable suppressed : found.get(i).getSuppressed()) {
                add(suppressed, found, seen);
            }
        }
        return found;
    }

    private static void add(@Nullable Throwable next, List<Throwable> found, Set<Throwable> seen) {
        if (next != null && seen.add(next)) {
            found.add(next);
        }
    }

    /** For the message of a failed test. */
    @Override
    public String toString() {
        if (failure == null) {
            return "the call returned";
        }
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

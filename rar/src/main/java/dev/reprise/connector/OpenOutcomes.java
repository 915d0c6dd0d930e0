// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Transactions of which nobody could say in time whether they were committed. The search goes on here, for a day, and
 * what it finds is logged and kept for whoever asks by the transaction's name. Nobody else may decide on a commit
 * meanwhile: the search could not tell what he did from what it looks for. Thread-safe.
 */
final class OpenOutcomes {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final Duration GIVE_UP = Duration.ofDays(1);

    private final Background background;
    private final Remembered<Outcome> found = new Remembered<>();

    OpenOutcomes(Background background) {
        this.background = background;
    }

    /** UNKNOWN while the search for a commit goes on; empty if there is none, or it was given up. */
    Optional<Outcome> found(String transaction) {
        return found.get(transaction);
    }

    /** @param commit whether it may end in a commit */
    void search(String transaction, boolean commit, Supplier<Outcome> attempt) {
        LOG.outcomeOpen(transaction);
        if (commit) {
            found.put(transaction, Outcome.UNKNOWN);
        }
        search(transaction, attempt, FIRST_PAUSE, System.nanoTime() + GIVE_UP.toNanos());
    }

    private void search(String transaction, Supplier<Outcome> attempt, Duration pause, long end) {
        background.later(pause, () -> {
            Outcome outcome = attempt(attempt);
            if (outcome != Outcome.UNKNOWN) {
                found.put(transaction, outcome);
                LOG.outcomeFound(transaction, outcome);
            } else if (System.nanoTime() < end) {
                Duration next = pause.multipliedBy(2);
                search(transaction, attempt, next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE, end);
            } else {
                found.remove(transaction);
                LOG.outcomeGivenUp(transaction, GIVE_UP.toHours());
            }
        });
    }

    /** A failure that nobody has foreseen does not end the search. */
    private static Outcome attempt(Supplier<Outcome> attempt) {
        try {
            return attempt.get();
        } catch (RuntimeException e) {
            LOG.secondary("looking for an outcome", e);
            return Outcome.UNKNOWN;
        }
    }
}

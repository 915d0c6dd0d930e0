// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.wildfly.Told;
import java.util.Set;
import java.util.stream.Collectors;

/** What became of a cell, with the key that its transaction wrote. */
record Result(Cell cell, String key, Account account, Evidence evidence, Set<Violation> violations) {

    Result {
        violations = Set.copyOf(violations);
    }

    /** The violations that nobody was warned of: without a guard, an unknown outcome of one resource stays one. */
    Set<Violation> failures() {
        boolean warned = cell.mayNotKnow() && account.outcome() == Told.Outcome.UNKNOWN;
        return violations.stream()
                .filter(each -> !warned || (each != Violation.UNKNOWN_IN_TIME && each != Violation.LEFT_PREPARED))
                .collect(Collectors.toSet());
    }

    String line() {
        return cell + ": told " + account.outcome() + " after " + account.took().toMillis() + " ms"
                + (violations.isEmpty() ? "" : ", " + violations);
    }

    /** For the message of a failed test. */
    @Override
    public String toString() {
        return cell + ": " + violations + "\ntold " + account.outcome() + " after " + account.took() + "\nfound "
                + evidence + "\n" + account.text();
    }
}

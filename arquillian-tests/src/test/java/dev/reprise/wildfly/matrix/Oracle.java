// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Compares what was told with what is there. */
final class Oracle {

    private Oracle() {}

    static Set<Violation> judge(Account account, Duration bound, Evidence evidence) {
        var violations = EnumSet.noneOf(Violation.class);
        switch (account.outcome()) {
            case COMMITTED ->
                add(violations, Violation.COMMITTED_AND_ABSENT, Math.min(evidence.rows(), evidence.otherRows()) == 0);
            case ROLLED_BACK ->
                add(violations, Violation.ROLLED_BACK_AND_PRESENT, Math.max(evidence.rows(), evidence.otherRows()) > 0);
            case UNKNOWN -> violations.add(Violation.UNKNOWN_IN_TIME);
        }
        add(violations, Violation.STORED_TWICE, Math.max(evidence.rows(), evidence.otherRows()) > 1);
        add(violations, Violation.NOT_ATOMIC, evidence.rows() != evidence.otherRows());
        add(violations, Violation.LEFT_PREPARED, !evidence.prepared().isEmpty());
        add(violations, Violation.LEFT_OPEN, evidence.open() > 0);
        add(violations, Violation.WAITED, account.took().compareTo(bound) > 0);
        add(violations, Violation.DEAD_IN_POOL, !evidence.pool().isEmpty());
        add(violations, Violation.NOT_MET, !evidence.met());
        return violations;
    }

    private static void add(Set<Violation> violations, Violation violation, boolean condition) {
        if (condition) {
            violations.add(violation);
        }
    }
}

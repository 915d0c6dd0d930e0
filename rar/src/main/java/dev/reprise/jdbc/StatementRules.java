// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

/**
 * What holds for the statements that are made by a connection handle.
 *
 * @param queryTimeoutSeconds of a statement that sets none; zero for none
 * @param withinTransaction whether a statement may not take longer than its transaction may
 */
public record StatementRules(Tracking tracking, int queryTimeoutSeconds, boolean withinTransaction) {

    /** What becomes of statements that are left open. */
    public enum Tracking {
        /** Nothing; they are not even known. */
        OFF,
        /** They are closed with their connection. */
        CLOSE,
        /** They are closed, and it is told where they were opened. */
        WARN
    }

    public static final StatementRules DEFAULTS = new StatementRules(Tracking.CLOSE, 0, false);
}

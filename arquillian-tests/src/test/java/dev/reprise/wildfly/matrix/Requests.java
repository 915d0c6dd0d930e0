// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Optional;

/** How the calls look on the wire: the texts at which faults are made. */
final class Requests {

    /** The command byte comes right before a text that is the whole request. */
    private static final String MARIADB_QUERY = "\u0003";

    /** Between the name of a statement and its text, and after it. */
    private static final String POSTGRESQL_END = "\0";

    private Requests() {}

    /**
     * A text that only the request of this call contains, in any case of letters; empty if it has none of its own.
     *
     * @param key what the transaction writes
     */
    static Optional<String> marker(Cell cell, String key) {
        if (cell.call() == Call.STATEMENT) {
            return Optional.of("values ('" + key);
        }
        return cell.database() == Database.MARIADB ? mariaDb(cell) : postgreSql(cell);
    }

    private static Optional<String> mariaDb(Cell cell) {
        boolean local = cell.mode() == Mode.LOCAL;
        return switch (cell.call()) {
            case START -> Optional.of(local ? "set autocommit=0" : "XA START");
            case STATEMENT -> Optional.empty();
            case END -> Optional.of("XA END");
            case PREPARE -> Optional.of("XA PREPARE");
            case COMMIT_ONE_PHASE -> Optional.of(local ? MARIADB_QUERY + "commit" : "XA COMMIT");
            case COMMIT_TWO_PHASE -> Optional.of("XA COMMIT");
            case ROLLBACK -> Optional.of(local ? MARIADB_QUERY + "rollback" : "XA ROLLBACK");
            case RECOVER -> Optional.of("XA RECOVER");
        };
    }

    /** The driver sends BEGIN with the first statement, and knows END by itself. */
    private static Optional<String> postgreSql(Cell cell) {
        return switch (cell.call()) {
            case START, STATEMENT, END -> Optional.empty();
            case PREPARE -> Optional.of("PREPARE TRANSACTION");
            case COMMIT_ONE_PHASE -> Optional.of(POSTGRESQL_END + "commit" + POSTGRESQL_END);
            case COMMIT_TWO_PHASE -> Optional.of("COMMIT PREPARED");
            case ROLLBACK ->
                Optional.of(
                        cell.mode() == Mode.TWO_PHASE_FIRST
                                ? "ROLLBACK PREPARED"
                                : POSTGRESQL_END + "rollback" + POSTGRESQL_END);
            case RECOVER -> Optional.of("pg_prepared_xacts");
        };
    }
}

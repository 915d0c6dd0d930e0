// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Optional;

/** How the calls look on the wire: the texts at which faults are made. */
final class Requests {

    /** MariaDB: the command byte comes right before a text that is the whole request. */
    private static final String QUERY = "\u0003";

    /** PostgreSQL: after the text of a statement. */
    private static final String END = "\0";

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
        if (cell.database() == Database.POSTGRESQL) {
            return postgreSql(cell);
        }
        return cell.mode() == Mode.LOCAL ? localOnMariaDb(cell) : xaOnMariaDb(cell);
    }

    private static Optional<String> localOnMariaDb(Cell cell) {
        return switch (cell.call()) {
            case START -> Optional.of("set autocommit=0");
            case COMMIT_ONE_PHASE -> Optional.of(cell.subject() == Subject.LEDGER ? "set xid = '" : QUERY + "commit");
            case ROLLBACK -> Optional.of(QUERY + "rollback");
            case STATEMENT, END, PREPARE, COMMIT_TWO_PHASE, RECOVER -> Optional.empty();
        };
    }

    /** The adapter sends END with what follows it; its ledger, END, PREPARE and COMMIT are one request. */
    private static Optional<String> xaOnMariaDb(Cell cell) {
        return switch (cell.call()) {
            case START -> Optional.of("XA START");
            case STATEMENT -> Optional.empty();
            case END -> cell.subject().isOurs() ? Optional.empty() : Optional.of("XA END");
            case PREPARE -> Optional.of("XA PREPARE");
            case COMMIT_ONE_PHASE, COMMIT_TWO_PHASE -> Optional.of("XA COMMIT");
            case ROLLBACK -> Optional.of("XA ROLLBACK");
            case RECOVER -> Optional.of("XA RECOVER");
        };
    }

    /** Others send BEGIN with the first statement; nobody has an END. */
    private static Optional<String> postgreSql(Cell cell) {
        return switch (cell.call()) {
            case START -> cell.subject().isOurs() ? Optional.of("begin" + END) : Optional.empty();
            case STATEMENT, END -> Optional.empty();
            case PREPARE -> Optional.of("PREPARE TRANSACTION");
            case COMMIT_ONE_PHASE ->
                Optional.of(cell.subject() == Subject.TWO_PHASE ? "COMMIT PREPARED" : "commit" + END);
            case COMMIT_TWO_PHASE -> Optional.of("COMMIT PREPARED");
            case ROLLBACK -> Optional.of(cell.mode() == Mode.TWO_PHASE_FIRST ? "ROLLBACK PREPARED" : "rollback" + END);
            case RECOVER -> Optional.of("pg_prepared_xacts");
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Optional;

/** How the calls look on the wire: the texts at which faults are made. */
final class Requests {

    /** Of a request that is nothing but a statement: the command byte comes right before the text. */
    private static final String QUERY = "\u0003";

    private Requests() {}

    /**
     * A text that only the request of this call contains, in any case of letters; empty if it has none of its own.
     *
     * @param key what the transaction writes
     */
    static Optional<String> marker(Cell cell, String key) {
        boolean local = cell.mode() == Mode.LOCAL;
        return Optional.of(
                switch (cell.call()) {
                    case START -> local ? "set autocommit=0" : "XA START";
                    case STATEMENT -> "values ('" + key;
                    case END -> "XA END";
                    case PREPARE -> "XA PREPARE";
                    case COMMIT_ONE_PHASE -> local ? QUERY + "commit" : "ONE PHASE";
                    case COMMIT_TWO_PHASE -> "XA COMMIT";
                    case ROLLBACK -> local ? QUERY + "rollback" : "XA ROLLBACK";
                    case RECOVER -> "XA RECOVER";
                });
    }
}

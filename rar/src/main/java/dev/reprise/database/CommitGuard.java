// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The way in which the outcome of a commit is found out after its reply was lost. */
public enum CommitGuard {
    /** The best that there is: the ledger where its table exists, otherwise the database's own. */
    AUTO,
    /** The transaction also writes its name into the session's row of a table. */
    LEDGER,
    /** It is prepared first, and the server lists it. */
    TWO_PHASE,
    /** The server can be asked what became of a transaction (PostgreSQL). */
    NATIVE,
    /** A lost reply is an unknown outcome. */
    NONE;

    /** As it is configured. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<CommitGuard> of(String text) {
        return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
    }
}

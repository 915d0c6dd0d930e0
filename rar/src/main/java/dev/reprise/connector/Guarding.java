// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.CommitGuard;
import dev.reprise.database.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How commits are guarded.
 *
 * @param timeout for how long a commit may wait until its outcome is found out
 * @param node names this application server in the ledger
 * @param failoverFenced whether the operator promises that a server is cut off before another takes its place
 */
record Guarding(CommitGuard guard, Duration timeout, String ledgerTable, String node, boolean failoverFenced) {

    private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_$]+(\\.[A-Za-z0-9_$]+)?");
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,60}");

    static Guarding of(WrittenProperties properties, Database database) {
        List<String> guards = allowed(database).stream().map(CommitGuard::text).toList();
        return new Guarding(
                CommitGuard.of(properties.oneOf("commitGuard", guards)).orElse(CommitGuard.AUTO),
                properties.seconds("guardTimeoutSeconds", 30),
                properties.matching(TABLE, "ledgerTable", "reprise_slot", "the name of a table, or schema.name"),
                node(properties),
                properties
                        .oneOf("failoverFencing", List.of("none", "guaranteed"))
                        .equals("guaranteed"));
    }

    private static String node(WrittenProperties properties) {
        return properties.text("nodeName", "").isEmpty()
                ? Node.name()
                : properties.matching(NODE, "nodeName", "", "1 to 60 of the characters A-Z a-z 0-9 . _ -");
    }

    private static List<CommitGuard> allowed(Database database) {
        var allowed = new ArrayList<>(List.of(CommitGuard.AUTO));
        if (database.hasLedger()) {
            allowed.add(CommitGuard.LEDGER);
        }
        allowed.addAll(database.guards());
        return allowed;
    }
}

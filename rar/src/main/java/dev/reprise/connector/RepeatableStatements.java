// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.Database;
import dev.reprise.database.Unrepeatable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Which statements may be run again; those that were seen lately are not read again. Thread-safe. */
final class RepeatableStatements {

    private static final int MOST = 1_000;
    private static final int LONGEST = 10_000;

    private final Database database;
    private final Map<String, Optional<Unrepeatable>> known = new ConcurrentHashMap<>();

    RepeatableStatements(Database database) {
        this.database = database;
    }

    Optional<Unrepeatable> reasonAgainst(String sql) {
        Optional<Unrepeatable> seen = known.get(sql);
        if (seen == null) {
            seen = database.reasonAgainstRepeating(sql);
            if (known.size() >= MOST) {
                known.clear();
            }
            if (sql.length() <= LONGEST) {
                known.put(sql, seen);
            }
        }
        return seen;
    }
}

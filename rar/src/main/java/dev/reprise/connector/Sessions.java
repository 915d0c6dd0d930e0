// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.Database;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What applications get to begin with, and leave behind.
 *
 * @param newConnectionSql what each new session runs first; may be empty
 * @param isolation a level of {@link Connection}; empty for the server's own
 * @param resetOnReturn whether the server resets the session when its connection is returned
 * @param trackStatements what becomes of statements that are left open
 * @param queryTimeout of a statement that sets none; zero for none
 * @param queryTimeoutFromTransaction whether a statement may not take longer than its transaction may
 */
record Sessions(
        String newConnectionSql,
        Optional<Integer> isolation,
        boolean resetOnReturn,
        TrackStatements trackStatements,
        Duration queryTimeout,
        boolean queryTimeoutFromTransaction) {

    enum TrackStatements {
        CLOSE,
        WARN,
        OFF
    }

    private static final Map<String, Integer> LEVELS = new LinkedHashMap<>();

    static {
        LEVELS.put("READ_UNCOMMITTED", Connection.TRANSACTION_READ_UNCOMMITTED);
        LEVELS.put("READ_COMMITTED", Connection.TRANSACTION_READ_COMMITTED);
        LEVELS.put("REPEATABLE_READ", Connection.TRANSACTION_REPEATABLE_READ);
        LEVELS.put("SERIALIZABLE", Connection.TRANSACTION_SERIALIZABLE);
    }

    static Sessions of(WrittenProperties properties, Database database) {
        boolean resetOnReturn = properties.flag("resetOnReturn", false);
        if (resetOnReturn && !database.canReset()) {
            properties.wrong("resetOnReturn: true, but of this database no reset is known; allowed is false");
        }
        return new Sessions(
                properties.text("newConnectionSql", ""),
                isolation(properties),
                resetOnReturn,
                trackStatements(properties.oneOf("trackStatements", List.of("close", "warn", "off"))),
                properties.secondsOrZero("queryTimeoutSeconds", 0),
                properties.flag("queryTimeoutFromTransaction", false));
    }

    private static Optional<Integer> isolation(WrittenProperties properties) {
        String level = properties.text("transactionIsolation", "");
        if (!level.isEmpty() && !LEVELS.containsKey(level)) {
            properties.wrong("transactionIsolation: " + level + "; allowed is one of "
                    + String.join(", ", LEVELS.keySet()) + ", or nothing");
        }
        return Optional.ofNullable(LEVELS.get(level));
    }

    private static TrackStatements trackStatements(String text) {
        return switch (text) {
            case "warn" -> TrackStatements.WARN;
            case "off" -> TrackStatements.OFF;
            default -> TrackStatements.CLOSE;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.Database;
import dev.reprise.jdbc.StatementRules;
import java.sql.Connection;
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
 */
record Sessions(
        String newConnectionSql, Optional<Integer> isolation, boolean resetOnReturn, StatementRules statements) {

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
                new StatementRules(
                        tracking(properties.oneOf("trackStatements", List.of("close", "warn", "off"))),
                        (int) properties.secondsOrZero("queryTimeoutSeconds", 0).toSeconds(),
                        properties.flag("queryTimeoutFromTransaction", false)));
    }

    private static Optional<Integer> isolation(WrittenProperties properties) {
        String level = properties.text("transactionIsolation", "");
        if (!level.isEmpty() && !LEVELS.containsKey(level)) {
            properties.wrong("transactionIsolation: " + level + "; allowed is one of "
                    + String.join(", ", LEVELS.keySet()) + ", or nothing");
        }
        return Optional.ofNullable(LEVELS.get(level));
    }

    private static StatementRules.Tracking tracking(String text) {
        return switch (text) {
            case "warn" -> StatementRules.Tracking.WARN;
            case "off" -> StatementRules.Tracking.OFF;
            default -> StatementRules.Tracking.CLOSE;
        };
    }
}

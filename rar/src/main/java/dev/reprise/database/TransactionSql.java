// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.database.SqlTokens.Dialect;
import dev.reprise.database.SqlTokens.Kind;

/**
 * Reads as much of an application's SQL as is needed to see that it begins or ends a transaction, which is the
 * transaction manager's.
 */
final class TransactionSql {

    private final SqlTokens tokens;
    private final Dialect dialect;
    private final boolean savepoints;

    private TransactionSql(String sql, Dialect dialect, boolean savepoints) {
        this.tokens = new SqlTokens(sql, dialect);
        this.dialect = dialect;
        this.savepoints = savepoints;
    }

    /** @param savepoints whether savepoints may be used */
    static boolean isIn(String sql, boolean savepoints, Dialect dialect) {
        return mayBe(sql) && new TransactionSql(sql, dialect, savepoints).find();
    }

    /** Nearly all statements are none: they begin with a letter that tells, and are one. */
    private static boolean mayBe(String sql) {
        int first = 0;
        while (first < sql.length() && sql.charAt(first) <= ' ') {
            first++;
        }
        char initial = first < sql.length() ? sql.charAt(first) : ' ';
        boolean harmless = "iuwdtIUWDT".indexOf(initial) >= 0 || sql.regionMatches(true, first, "select", 0, 6);
        return !harmless || sql.indexOf(';') >= 0;
    }

    private boolean find() {
        while (tokens.next() != Kind.END) {
            if (isTransactional(tokens.word())) {
                return true;
            }
            while (tokens.kind() != Kind.END && tokens.symbol() != ';') {
                tokens.next();
            }
        }
        return false;
    }

    private boolean isTransactional(String verb) {
        return switch (verb) {
            case "COMMIT" -> true;
            case "ABORT", "END" -> dialect == Dialect.POSTGRESQL; // elsewhere END is that of a block
            case "ROLLBACK" -> !(savepoints && isToSavepoint());
            case "SAVEPOINT", "RELEASE" -> !savepoints;
            case "BEGIN" -> !tokens.nextWord().equals("NOT"); // BEGIN NOT ATOMIC is a block of statements
            case "START", "PREPARE" -> tokens.nextWord().equals("TRANSACTION");
            case "XA" -> !tokens.nextWord().equals("RECOVER");
            case "SET" -> setsAutoCommit();
            default -> false;
        };
    }

    private boolean isToSavepoint() {
        String next = tokens.nextWord();
        return next.equals("TO")
                || ((next.equals("WORK") || next.equals("TRANSACTION"))
                        && tokens.nextWord().equals("TO"));
    }

    /** {@code set names utf8, @@session.autocommit := 0}; a variable of the user has one @. */
    private boolean setsAutoCommit() {
        int ats = 0;
        boolean name = false;
        while (tokens.next() != Kind.END && tokens.symbol() != ';') {
            if (tokens.symbol() == '=' && name) {
                return true;
            }
            if (tokens.symbol() != ':') {
                name = ats != 1 && isAutoCommit();
            }
            ats = tokens.symbol() == '@' ? ats + 1 : tokens.symbol() == '.' ? ats : 0;
        }
        return false;
    }

    private boolean isAutoCommit() {
        return tokens.word().equals("AUTOCOMMIT") || tokens.text().equalsIgnoreCase("`autocommit`");
    }
}

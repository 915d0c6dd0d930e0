// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.Locale;

/**
 * Reads as much of an application's SQL as is needed to see that it begins or ends a transaction, which is the
 * transaction manager's. Knows comments, quotes and several statements in one text.
 */
final class TransactionSql {

    private final String sql;
    private final boolean backslashEscapes;
    private int at;

    private TransactionSql(String sql, boolean backslashEscapes) {
        this.sql = sql;
        this.backslashEscapes = backslashEscapes;
    }

    /**
     * @param savepoints whether savepoints may be used
     * @param backslashEscapes whether a backslash in a string takes the meaning from the next character
     */
    static boolean isIn(String sql, boolean savepoints, boolean backslashEscapes) {
        return mayBe(sql) && new TransactionSql(sql, backslashEscapes).find(savepoints);
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

    private boolean find(boolean savepoints) {
        while (at < sql.length()) {
            if (isTransactional(word(), savepoints)) {
                return true;
            }
            skipStatement();
        }
        return false;
    }

    private boolean isTransactional(String verb, boolean savepoints) {
        return switch (verb) {
            case "COMMIT", "ABORT", "END" -> true;
            case "ROLLBACK" -> !(savepoints && isToSavepoint());
            case "SAVEPOINT", "RELEASE" -> !savepoints;
            case "BEGIN" -> !word().equals("NOT"); // BEGIN NOT ATOMIC is a block of statements
            case "START", "PREPARE" -> word().equals("TRANSACTION");
            case "XA" -> !word().equals("RECOVER");
            case "SET" -> setsAutoCommit();
            default -> false;
        };
    }

    private boolean isToSavepoint() {
        String next = word();
        return next.equals("TO") || ((next.equals("WORK") || next.equals("TRANSACTION")) && word().equals("TO"));
    }

    private boolean setsAutoCommit() {
        int end = sql.indexOf(';', at);
        String assignments = sql.substring(at, end < 0 ? sql.length() : end).toUpperCase(Locale.ROOT);
        return assignments.matches("(?s).*(^|[\\s,@.`])AUTOCOMMIT[`\\s]*:?=.*");
    }

    /** The next word in capitals, where only comments and space come before it; otherwise empty. */
    private String word() {
        skipSpace();
        int start = at;
        while (at < sql.length() && isPartOfWord(sql.charAt(at))) {
            at++;
        }
        return sql.substring(start, at).toUpperCase(Locale.ROOT);
    }

    private static boolean isPartOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private void skipSpace() {
        while (at < sql.length()) {
            if (sql.charAt(at) <= ' ') {
                at++;
            } else if (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at)) {
                at = sql.indexOf('!', at) + 1; // MariaDB runs what is inside
                while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
                    at++;
                }
            } else if (!skipComment()) {
                return;
            }
        }
    }

    private boolean skipComment() {
        if (sql.startsWith("/*", at)) {
            skipTo("*/", at + 2);
        } else if (sql.startsWith("--", at) || (backslashEscapes && sql.startsWith("#", at))) {
            skipTo("\n", at);
        } else {
            return false;
        }
        return true;
    }

    private void skipTo(String end, int from) {
        int found = sql.indexOf(end, from);
        at = found < 0 ? sql.length() : found + end.length();
    }

    private void skipStatement() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (c == ';') {
                at++;
                return;
            }
            if (c == '\'' || c == '"' || c == '`') {
                skipQuoted(c);
            } else if (c == '$' && !backslashEscapes) {
                skipDollarQuoted();
            } else if (!skipComment()) {
                at++;
            }
        }
    }

    private void skipQuoted(char quote) {
        at++;
        while (at < sql.length() && sql.charAt(at) != quote) {
            at += backslashEscapes && sql.charAt(at) == '\\' ? 2 : 1;
        }
        at++;
    }

    private void skipDollarQuoted() {
        int end = sql.indexOf('$', at + 1);
        String tag = end < 0 ? "" : sql.substring(at, end + 1);
        if (tag.matches("\\$\\w*\\$")) {
            skipTo(tag, end + 1);
        } else {
            at++;
        }
    }
}

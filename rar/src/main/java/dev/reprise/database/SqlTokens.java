// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.Locale;

/**
 * Reads SQL word by word as one of the two databases does: what is a comment, a string or a name, and what of it is
 * executed. Understands no grammar.
 */
final class SqlTokens {

    enum Kind {
        /** Letters, digits and underscores that are not quoted. */
        WORD,
        /** Quoted, whatever it may be. */
        QUOTED,
        /** Any other character. */
        SYMBOL,
        END
    }

    /** How a database reads SQL. */
    enum Dialect {
        MARIADB,
        POSTGRESQL
    }

    private final String sql;
    private final boolean mariaDb;
    private int at;
    private int start;
    private Kind kind = Kind.END;

    SqlTokens(String sql, Dialect dialect) {
        this.sql = sql;
        this.mariaDb = dialect == Dialect.MARIADB;
    }

    Kind kind() {
        return kind;
    }

    /** The word in capitals; empty if it is none. */
    String word() {
        return kind == Kind.WORD ? sql.substring(start, at).toUpperCase(Locale.ROOT) : "";
    }

    /** As it stands there. */
    String text() {
        return sql.substring(start, at);
    }

    /** Reads on, and then as {@link #word()}. */
    String nextWord() {
        next();
        return word();
    }

    /** The character, if it is a symbol; otherwise a space. */
    char symbol() {
        return kind == Kind.SYMBOL ? sql.charAt(start) : ' ';
    }

    /** Reads on to the next one. */
    Kind next() {
        skipSpace();
        start = at;
        kind = at == sql.length() ? Kind.END : read(sql.charAt(at));
        return kind;
    }

    private Kind read(char first) {
        if (isPartOfWord(first)) {
            return readWord();
        }
        if (first == '\'' || first == '"' || (mariaDb && first == '`')) {
            skipQuoted(first, mariaDb && first != '`');
            return Kind.QUOTED;
        }
        if (first == '$' && !mariaDb && skipDollarQuoted()) {
            return Kind.QUOTED;
        }
        at++;
        return Kind.SYMBOL;
    }

    /** The word before a quote may say how it is to be read: E'...' of PostgreSQL has escapes by backslash. */
    private Kind readWord() {
        while (at < sql.length() && (isPartOfWord(sql.charAt(at)) || (at > start && sql.charAt(at) == '$'))) {
            at++;
        }
        boolean escapes = !mariaDb && at - start == 1 && (sql.charAt(start) | ' ') == 'e';
        if (escapes && at < sql.length() && sql.charAt(at) == '\'') {
            skipQuoted('\'', true);
            return Kind.QUOTED;
        }
        return Kind.WORD;
    }

    private static boolean isPartOfWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private void skipSpace() {
        while (at < sql.length()) {
            if (sql.charAt(at) <= ' ') {
                at++;
            } else if (mariaDb && (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at))) {
                at = sql.indexOf('!', at) + 1; // what is inside is executed
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
            skipBlockComment();
        } else if (isLineComment()) {
            int end = sql.indexOf('\n', at);
            at = end < 0 ? sql.length() : end + 1;
        } else {
            return false;
        }
        return true;
    }

    /** On PostgreSQL they can be nested. */
    private void skipBlockComment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at) && (depth == 0 || !mariaDb)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }

    /** To MariaDB {@code 5--1} is six. */
    private boolean isLineComment() {
        if (mariaDb && sql.charAt(at) == '#') {
            return true;
        }
        return sql.startsWith("--", at) && (!mariaDb || at + 2 == sql.length() || sql.charAt(at + 2) <= ' ');
    }

    private void skipQuoted(char quote, boolean escapes) {
        at++;
        while (at < sql.length() && sql.charAt(at) != quote) {
            at += escapes && sql.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(at + 1, sql.length());
    }

    private boolean skipDollarQuoted() {
        int end = at + 1;
        while (end < sql.length() && isPartOfWord(sql.charAt(end))) {
            end++;
        }
        boolean parameter = end > at + 1 && Character.isDigit(sql.charAt(at + 1));
        if (end == sql.length() || sql.charAt(end) != '$' || parameter) {
            return false;
        }
        String tag = sql.substring(at, end + 1);
        int close = sql.indexOf(tag, end + 1);
        at = close < 0 ? sql.length() : close + tag.length();
        return true;
    }
}

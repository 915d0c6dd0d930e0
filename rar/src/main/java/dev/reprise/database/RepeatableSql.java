// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.database.SqlTokens.Dialect;
import dev.reprise.database.SqlTokens.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whether SQL may be run again, after it was undone, on another session: that is so if it has no effect but on what the
 * transaction can undo, and depends on nothing but that and what has been committed. What it returns need not be the
 * same; whoever runs it again compares. Conservative: what is not known is not repeatable.
 */
final class RepeatableSql {

    private static final Set<String> VERBS = Set.of("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "VALUES", "TABLE");

    /** What these make, change or drop, the session does not depend on. */
    private static final Set<String> OF_THE_SCHEMA = Set.of("TABLE", "INDEX", "SEQUENCE");

    /** With these, what makes a table fills it, for which it may call functions. */
    private static final Set<String> FILLING = Set.of("SELECT", "VALUES", "EXECUTE");

    /** With these, what changes a table calls functions for what it has already. */
    private static final Set<String> CONVERTING = Set.of("AS", "DEFAULT", "USING");

    /** Words after which a parenthesis is not the argument list of a function. */
    private static final Set<String> NO_FUNCTIONS = Set.of(
            "ALL",
            "AND",
            "ANY",
            "ARRAY",
            "AS",
            "BETWEEN",
            "BY",
            "CASE",
            "CONFLICT",
            "CROSS",
            "CUBE",
            "DISTINCT",
            "ELSE",
            "EXCEPT",
            "EXISTS",
            "FILTER",
            "FROM",
            "GROUPING",
            "GROUPS",
            "HAVING",
            "IN",
            "INDEX",
            "INTERSECT",
            "INTERVAL",
            "INTO",
            "IS",
            "JOIN",
            "KEY",
            "LATERAL",
            "LIKE",
            "LIMIT",
            "MATERIALIZED",
            "NOT",
            "OF",
            "OFFSET",
            "ON",
            "OR",
            "ORDER",
            "OVER",
            "OVERLAPS",
            "PARTITION",
            "PRIMARY",
            "RETURNING",
            "ROLLUP",
            "ROW",
            "ROWS",
            "SELECT",
            "SET",
            "SETS",
            "SOME",
            "THEN",
            "UNION",
            "USING",
            "VALUE",
            "VALUES",
            "WHEN",
            "WHERE",
            "WITHIN",
            "XOR");

    /** Types with a length, which look like functions. */
    private static final Set<String> TYPES = Set.of(
            "BINARY",
            "BIT",
            "CHAR",
            "CHARACTER",
            "DATETIME",
            "DECIMAL",
            "FLOAT",
            "NCHAR",
            "NUMERIC",
            "TIME",
            "TIMESTAMP",
            "TIMESTAMPTZ",
            "VARBINARY",
            "VARCHAR",
            "VARYING");

    private static final Set<String> INSERTING =
            Set.of("DELAYED", "HIGH_PRIORITY", "IGNORE", "INSERT", "LOW_PRIORITY", "REPLACE");

    private static final Set<String> FUNCTIONS = Set.of(
            // aggregates and windows
            "ARRAY_AGG",
            "AVG",
            "BIT_AND",
            "BIT_OR",
            "BIT_XOR",
            "BOOL_AND",
            "BOOL_OR",
            "COUNT",
            "CUME_DIST",
            "DENSE_RANK",
            "EVERY",
            "FIRST_VALUE",
            "GROUP_CONCAT",
            "JSON_AGG",
            "JSON_ARRAYAGG",
            "JSON_OBJECT_AGG",
            "JSON_OBJECTAGG",
            "JSONB_AGG",
            "JSONB_OBJECT_AGG",
            "LAG",
            "LAST_VALUE",
            "LEAD",
            "MAX",
            "MEDIAN",
            "MIN",
            "MODE",
            "NTH_VALUE",
            "NTILE",
            "PERCENT_RANK",
            "PERCENTILE_CONT",
            "PERCENTILE_DISC",
            "RANK",
            "ROW_NUMBER",
            "STD",
            "STDDEV",
            "STDDEV_POP",
            "STDDEV_SAMP",
            "STRING_AGG",
            "SUM",
            "VAR_POP",
            "VAR_SAMP",
            "VARIANCE",
            // conditions and conversions
            "CAST",
            "COALESCE",
            "CONVERT",
            "GREATEST",
            "IF",
            "IFNULL",
            "ISNULL",
            "LEAST",
            "NULLIF",
            "NVL",
            "NVL2",
            "TO_CHAR",
            "TO_DATE",
            "TO_NUMBER",
            "TO_TIMESTAMP",
            "UNNEST",
            "GENERATE_SERIES",
            "ARRAY_LENGTH",
            "CARDINALITY",
            "ELT",
            "FIELD",
            "FIND_IN_SET",
            "INET_ATON",
            "INET_NTOA",
            // numbers
            "ABS",
            "ACOS",
            "ASIN",
            "ATAN",
            "ATAN2",
            "CEIL",
            "CEILING",
            "COS",
            "COT",
            "CRC32",
            "DEGREES",
            "DIV",
            "EXP",
            "FLOOR",
            "LN",
            "LOG",
            "LOG10",
            "LOG2",
            "MOD",
            "PI",
            "POW",
            "POWER",
            "RADIANS",
            "RAND",
            "RANDOM",
            "ROUND",
            "SIGN",
            "SIN",
            "SQRT",
            "TAN",
            "TRUNC",
            "TRUNCATE",
            "WIDTH_BUCKET",
            // texts
            "ASCII",
            "BIT_LENGTH",
            "BTRIM",
            "CHAR_LENGTH",
            "CHARACTER_LENGTH",
            "CHR",
            "CONCAT",
            "CONCAT_WS",
            "DECODE",
            "ENCODE",
            "FORMAT",
            "FROM_BASE64",
            "HEX",
            "INITCAP",
            "INSERT",
            "INSTR",
            "LCASE",
            "LEFT",
            "LENGTH",
            "LOCATE",
            "LOWER",
            "LPAD",
            "LTRIM",
            "MD5",
            "MID",
            "OCT",
            "OCTET_LENGTH",
            "ORD",
            "OVERLAY",
            "POSITION",
            "QUOTE",
            "REGEXP_COUNT",
            "REGEXP_INSTR",
            "REGEXP_MATCHES",
            "REGEXP_REPLACE",
            "REGEXP_SUBSTR",
            "REPEAT",
            "REPLACE",
            "REVERSE",
            "RIGHT",
            "RPAD",
            "RTRIM",
            "SHA",
            "SHA1",
            "SHA2",
            "SHA224",
            "SHA256",
            "SHA384",
            "SHA512",
            "SPLIT_PART",
            "STARTS_WITH",
            "STRCMP",
            "STRPOS",
            "SUBSTR",
            "SUBSTRING",
            "SUBSTRING_INDEX",
            "TO_BASE64",
            "TO_HEX",
            "TRANSLATE",
            "TRIM",
            "UCASE",
            "UNHEX",
            "UPPER",
            "WEIGHT_STRING",
            // times
            "ADDDATE",
            "ADDTIME",
            "AGE",
            "CLOCK_TIMESTAMP",
            "CURDATE",
            "CURRENT_DATE",
            "CURRENT_TIME",
            "CURRENT_TIMESTAMP",
            "CURTIME",
            "DATE",
            "DATE_ADD",
            "DATE_FORMAT",
            "DATE_PART",
            "DATE_SUB",
            "DATE_TRUNC",
            "DATEDIFF",
            "DAY",
            "DAYNAME",
            "DAYOFMONTH",
            "DAYOFWEEK",
            "DAYOFYEAR",
            "EXTRACT",
            "FROM_DAYS",
            "FROM_UNIXTIME",
            "HOUR",
            "LAST_DAY",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "MAKE_DATE",
            "MAKE_INTERVAL",
            "MAKE_TIMESTAMP",
            "MAKEDATE",
            "MAKETIME",
            "MICROSECOND",
            "MINUTE",
            "MONTH",
            "MONTHNAME",
            "NOW",
            "PERIOD_ADD",
            "PERIOD_DIFF",
            "QUARTER",
            "SEC_TO_TIME",
            "SECOND",
            "STATEMENT_TIMESTAMP",
            "STR_TO_DATE",
            "SUBDATE",
            "SUBTIME",
            "SYSDATE",
            "TIME_FORMAT",
            "TIME_TO_SEC",
            "TIMEDIFF",
            "TIMESTAMPADD",
            "TIMESTAMPDIFF",
            "TO_DAYS",
            "TO_SECONDS",
            "TRANSACTION_TIMESTAMP",
            "UNIX_TIMESTAMP",
            "UTC_DATE",
            "UTC_TIME",
            "UTC_TIMESTAMP",
            "WEEK",
            "WEEKDAY",
            "WEEKOFYEAR",
            "YEAR",
            "YEARWEEK",
            // identities; a number of a sequence is gone for good, and is given to nobody else
            "GEN_RANDOM_UUID",
            "NEXTVAL",
            "UUID",
            "UUID_SHORT",
            // JSON
            "JSON_ARRAY",
            "JSON_ARRAY_APPEND",
            "JSON_ARRAY_INSERT",
            "JSON_BUILD_ARRAY",
            "JSON_BUILD_OBJECT",
            "JSON_COMPACT",
            "JSON_CONTAINS",
            "JSON_CONTAINS_PATH",
            "JSON_DEPTH",
            "JSON_EXISTS",
            "JSON_EXTRACT",
            "JSON_INSERT",
            "JSON_KEYS",
            "JSON_LENGTH",
            "JSON_MERGE",
            "JSON_MERGE_PATCH",
            "JSON_MERGE_PRESERVE",
            "JSON_OBJECT",
            "JSON_QUERY",
            "JSON_QUOTE",
            "JSON_REMOVE",
            "JSON_REPLACE",
            "JSON_SEARCH",
            "JSON_SET",
            "JSON_TABLE",
            "JSON_TYPE",
            "JSON_UNQUOTE",
            "JSON_VALID",
            "JSON_VALUE",
            "JSONB_ARRAY_ELEMENTS",
            "JSONB_BUILD_ARRAY",
            "JSONB_BUILD_OBJECT",
            "JSONB_SET",
            "ROW_TO_JSON",
            "TO_JSON",
            "TO_JSONB",
            // text search
            "MATCH",
            "AGAINST",
            "TO_TSQUERY",
            "TO_TSVECTOR",
            "PLAINTO_TSQUERY",
            "TS_RANK");

    /** What the session knows, and no other: asking for it changes nothing. */
    private static final Set<String> OF_THE_SESSION = Set.of(
            "CONNECTION_ID",
            "CURRENT_DATABASE",
            "CURRENT_SCHEMA",
            "CURRENT_USER",
            "CURRVAL",
            "DATABASE",
            "FOUND_ROWS",
            "LAST_INSERT_ID",
            "LASTVAL",
            "PG_BACKEND_PID",
            "PG_CURRENT_XACT_ID",
            "ROW_COUNT",
            "SCHEMA",
            "SESSION_USER",
            "SYSTEM_USER",
            "TXID_CURRENT",
            "USER",
            "VERSION");

    private final SqlTokens tokens;
    private final Dialect dialect;

    private RepeatableSql(String sql, Dialect dialect) {
        this.tokens = new SqlTokens(sql, dialect);
        this.dialect = dialect;
    }

    /** Why not; empty if it may be run again. */
    static Optional<Unrepeatable> reasonAgainst(String sql, Dialect dialect) {
        var statement = new RepeatableSql(sql, dialect);
        return statement.verb().or(statement::rest);
    }

    private static Optional<Unrepeatable> lasting(String reason) {
        return Optional.of(new Unrepeatable(reason, true));
    }

    private Optional<Unrepeatable> verb() {
        do {
            tokens.next();
        } while (tokens.symbol() == '(');
        String verb = tokens.word();
        if (VERBS.contains(verb) || (verb.equals("REPLACE") && dialect == Dialect.MARIADB)) {
            return Optional.empty();
        }
        String reason = "a statement of another kind: " + tokens.text();
        return Optional.of(new Unrepeatable(reason, !leavesTheSession(verb)));
    }

    /** Whether, where its verb stands, something follows that only changes the schema. */
    private boolean leavesTheSession(String verb) {
        if (!Set.of("CREATE", "ALTER", "DROP", "TRUNCATE").contains(verb)) {
            return false;
        }
        String what = tokens.nextWord();
        if (!OF_THE_SCHEMA.contains(what.equals("UNIQUE") ? tokens.nextWord() : what)) {
            return false;
        }
        while (tokens.next() != Kind.END) {
            boolean calls =
                    FILLING.contains(tokens.word()) || (!verb.equals("CREATE") && CONVERTING.contains(tokens.word()));
            boolean temporary = tokens.text().toLowerCase(Locale.ROOT).contains("pg_temp");
            if (calls || temporary || (tokens.symbol() == ';' && tokens.next() != Kind.END)) {
                return false;
            }
        }
        return true;
    }

    private Optional<Unrepeatable> rest() {
        String before = tokens.word();
        boolean table = false;
        while (true) {
            boolean quoted = tokens.kind() == Kind.QUOTED;
            String name = tokens.text();
            if (tokens.next() == Kind.END) {
                return Optional.empty();
            }
            if (tokens.symbol() == '(' && !table && (quoted || isUnknownFunction(before))) {
                return !quoted && OF_THE_SESSION.contains(before)
                        ? Optional.of(new Unrepeatable("what only the session knows: " + name, false))
                        : lasting("a function that is not known: " + name);
            }
            Optional<Unrepeatable> reason = effect(before);
            if (reason.isPresent()) {
                return reason;
            }
            table = isNameOfTable(before, table);
            before = tokens.word();
        }
    }

    private static boolean isUnknownFunction(String word) {
        boolean name = !word.isEmpty() && !Character.isDigit(word.charAt(0));
        return name && !NO_FUNCTIONS.contains(word) && !TYPES.contains(word) && !FUNCTIONS.contains(word);
    }

    /** What reaches beyond the transaction, or comes from the session. */
    private Optional<Unrepeatable> effect(String before) {
        if (tokens.symbol() == ';' && tokens.next() != Kind.END) {
            return lasting("several statements in one");
        }
        if (tokens.symbol() == '@' && dialect == Dialect.MARIADB) {
            tokens.next();
            boolean systems = tokens.symbol() == '@'; // which a query only reads
            return Optional.of(new Unrepeatable("variables of the session", !systems));
        }
        if (tokens.word().equals("INTO") && !INSERTING.contains(before)) {
            return lasting("SELECT INTO");
        }
        return Optional.empty();
    }

    /** {@code insert into schema.table (column, ...)} */
    private boolean isNameOfTable(String before, boolean wasTable) {
        return before.equals("INTO") || (wasTable && (tokens.symbol() == '.' || before.isEmpty()));
    }
}

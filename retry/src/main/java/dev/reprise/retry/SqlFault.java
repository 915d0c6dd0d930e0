// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an SQLException says has happened, from its SQLState and vendor code alone: exception classes are unreliable. */
enum SqlFault {
    /** The connection is dead or useless; what it had not committed is undone. */
    LOST(true),
    /** No connection could be had. */
    UNREACHABLE(true),
    /** The server answers but no longer takes writes; the connection leads to the wrong server. */
    DEMOTED(true),
    /** The database itself undid the transaction so that another could go on. */
    UNDONE(true),
    /** A commit or an auto-committed statement was sent and its reply was lost. */
    OUTCOME_UNKNOWN(false),
    /** Anything else: running the same again would fail again, or wait again. */
    OTHER(false);

    /** Is the same work likely to succeed in a new transaction? */
    final boolean worthRetrying;

    SqlFault(boolean worthRetrying) {
        this.worthRetrying = worthRetrying;
    }

    private static final int ANY = Integer.MIN_VALUE;

    /**
     * First match wins; a state of two characters is a class. ISO = SQL:2016 part 2, table 33; PG = PostgreSQL manual,
     * appendix A; MDB = MariaDB error code reference; seen = observed with Connector/J 3.5.11 or pgjdbc 42.7.14.
     *
     * <p>Not here on purpose: lock timeouts (MDB 1205, PG 55P03). They have already waited as long as somebody allowed,
     * and a retry would wait as long again; NOWAIT asks not to wait at all. Timeouts (57014, 70100, 25P04, XA106) neither.
     */
    private static final List<Rule> TABLE = List.of(
            new Rule("08007", ANY, OUTCOME_UNKNOWN), // ISO: transaction resolution unknown
            new Rule("40003", ANY, OUTCOME_UNKNOWN), // ISO: statement completion unknown
            new Rule("08001", ANY, UNREACHABLE), // ISO: SQL-client unable to establish SQL-connection; pgjdbc, seen
            new Rule("08004", ANY, UNREACHABLE), // ISO: SQL-server rejected establishment; MDB 1040, seen
            new Rule("53300", ANY, UNREACHABLE), // PG: too_many_connections
            new Rule("57P03", ANY, UNREACHABLE), // PG: cannot_connect_now
            new Rule("08", ANY, LOST), // ISO: connection exception; MDB -1, 1047, 1053, 1220; pgjdbc 08003, 08006, seen
            new Rule("57P01", ANY, LOST), // PG: admin_shutdown, seen
            new Rule("57P02", ANY, LOST), // PG: crash_shutdown
            new Rule("57P05", ANY, LOST), // PG: idle_session_timeout, seen
            new Rule("25P03", ANY, LOST), // PG: idle_in_transaction_session_timeout, seen
            new Rule("HY000", 1290, DEMOTED), // MDB: ER_OPTION_PREVENTS_STATEMENT, here --read-only, seen
            new Rule("HY000", 1836, DEMOTED), // MDB: ER_READ_ONLY_MODE
            new Rule("25006", 0, DEMOTED), // PG: read_only_sql_transaction, on a standby, seen (MDB's 25006 is 1792)
            new Rule("40001", ANY, UNDONE), // ISO: serialization failure; MDB 1213 deadlock, seen
            new Rule("40P01", ANY, UNDONE), // PG: deadlock_detected
            new Rule("HY000", 1020, UNDONE), // MDB: ER_CHECKREAD, snapshot conflict, seen
            new Rule("XA100", 1402, UNDONE), // MDB: ER_XA_RBROLLBACK, after a snapshot conflict, seen
            new Rule("XA102", 1614, UNDONE)); // MDB: ER_XA_RBDEADLOCK

    static SqlFault of(SQLException exception) {
        String state = exception.getSQLState();
        int vendorCode = exception.getErrorCode();
        return TABLE.stream()
                .filter(rule -> rule.matches(state, vendorCode))
                .findFirst()
                .map(Rule::fault)
                .orElse(OTHER);
    }

    private record Rule(String state, int vendorCode, SqlFault fault) {
        boolean matches(@Nullable String thrown, int thrownCode) {
            return thrown != null
                    && (state.length() == 2 ? thrown.startsWith(state) : thrown.equals(state))
                    && (vendorCode == ANY || vendorCode == thrownCode);
        }
    }
}

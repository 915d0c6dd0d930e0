// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.fault.Fault;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What drivers and servers were seen to say; the tables must not be read again from the tables. */
class FaultTablesTest {

    private static Object fault(Database database, String sqlState, int vendorCode) {
        SQLException failure = new SQLException("as the driver says it", sqlState, vendorCode);
        return database.faults().classify(failure).<Object>map(Fault::name).orElse("ASK");
    }

    @ParameterizedTest(name = "{0}/{1} {3}")
    @CsvSource({
        "08000,   -1, CONNECTION,  KILL or wait_timeout or shutdown or reset or no answer",
        "08000, 1220, CONNECTION,  any call after it was lost",
        "08004, 1040, CONNECTION,  too many connections",
        "08S01, 1047, CONNECTION,  Galera: not prepared",
        "HY000, 1047, CONNECTION,  Galera: not prepared",
        "08S01, 1053, CONNECTION,  shutdown in progress",
        "70100, 1927, CONNECTION,  connection was killed",
        "08003,    0, CONNECTION,  closed",
        "40001, 1213, TRANSACTION, deadlock",
        "HY000, 1020, TRANSACTION, snapshot conflict",
        "XA100, 1402, TRANSACTION, XA_RBROLLBACK",
        "XA106, 1613, TRANSACTION, XA_RBTIMEOUT",
        "XA102, 1614, TRANSACTION, XA_RBDEADLOCK",
        "HY000, 1205, STATEMENT,   lock wait timeout",
        "70100, 1969, STATEMENT,   max_statement_time",
        "70100, 1317, STATEMENT,   KILL QUERY",
        "23000, 1062, STATEMENT,   duplicate key",
        "42000, 1064, STATEMENT,   syntax",
        "42S02, 1146, STATEMENT,   no such table",
        "25006, 1792, STATEMENT,   read-only transaction",
        "XAE07, 1399, STATEMENT,   DDL in a branch",
        "45000, 1644, STATEMENT,   SIGNAL of an application",
        "70100, 1053, STATEMENT,   SIGNAL with the code of a shutdown",
        "08S01, 1644, ASK,         SIGNAL with the state of a lost connection",
        "08000,    0, ASK,         cannot connect"
    })
    void mariaDb(String sqlState, int vendorCode, String fault, String what) {
        assertThat(fault(new MariaDb(), sqlState, vendorCode)).as(what).isEqualTo(fault);
    }

    @ParameterizedTest(name = "{0} {2}")
    @CsvSource({
        "57P01, CONNECTION,  terminated or fast shutdown",
        "57P02, CONNECTION,  crash shutdown",
        "57P03, CONNECTION,  cannot connect now",
        "57P05, CONNECTION,  idle_session_timeout",
        "25P03, CONNECTION,  idle_in_transaction_session_timeout",
        "25P04, CONNECTION,  transaction_timeout",
        "08001, CONNECTION,  cannot connect",
        "08003, CONNECTION,  closed",
        "08006, CONNECTION,  reset",
        "40P01, TRANSACTION, deadlock",
        "40001, TRANSACTION, serialization failure",
        "25P02, TRANSACTION, aborted by an earlier failure",
        "55P03, STATEMENT,   lock_timeout",
        "57014, STATEMENT,   cancelled",
        "23505, STATEMENT,   duplicate key",
        "42P01, STATEMENT,   no such table",
        "25006, STATEMENT,   read-only transaction",
        "08P01, ASK,         protocol violation"
    })
    void postgreSql(String sqlState, String fault, String what) {
        assertThat(fault(new PostgreSql(), sqlState, 0)).as(what).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource({"08S01, ASK", "08006, CONNECTION", "40001, TRANSACTION", "23505, STATEMENT"})
    void anyOtherByTheStandardAlone(String sqlState, String fault) {
        assertThat(fault(new Generic(), sqlState, 1213)).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource({
        "1290, The MariaDB server is running with the --read-only option so it cannot execute this statement, true",
        "1290, The MariaDB server is running with the --secure-file-priv option so it cannot execute this, false",
        "1836, Running in read-only mode, true",
        "1792, Cannot execute statement in a READ ONLY transaction, false"
    })
    void mariaDbBecameReadOnly(int vendorCode, String message, boolean readOnly) {
        var failure = new SQLException(message, "HY000", vendorCode);
        assertThat(new MariaDb().becameReadOnly(failure)).isEqualTo(readOnly);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFaultTest {
    @ParameterizedTest
    @CsvSource({
        "08000,   -1, LOST",
        "08000, 1220, LOST",
        "08S01, 1053, LOST",
        "08003,    0, LOST",
        "08006,    0, LOST",
        "57P01,    0, LOST",
        "57P05,    0, LOST",
        "25P03,    0, LOST",
        "08001,    0, UNREACHABLE",
        "08004, 1040, UNREACHABLE",
        "53300,    0, UNREACHABLE",
        "57P03,    0, UNREACHABLE",
        "HY000, 1290, DEMOTED",
        "HY000, 1836, DEMOTED",
        "25006,    0, DEMOTED",
        "40001, 1213, UNDONE",
        "40001,    0, UNDONE",
        "40P01,    0, UNDONE",
        "HY000, 1020, UNDONE",
        "XA100, 1402, UNDONE",
        "XA102, 1614, UNDONE",
        "08007,    0, OUTCOME_UNKNOWN",
        "40003,    0, OUTCOME_UNKNOWN",
        "HY000, 1205, OTHER", // lock wait timeout
        "55P03,    0, OTHER", // lock not available
        "25006, 1792, OTHER", // the application's own read-only transaction
        "40002,    0, OTHER", // integrity constraint
        "XA106, 1613, OTHER", // timeout
        "70100, 1969, OTHER",
        "57014,    0, OTHER",
        "57P04,    0, OTHER", // database dropped
        "23000, 1062, OTHER",
        "28000, 1045, OTHER",
        "42000, 1049, OTHER",
        "45000, 1644, OTHER",
        "     ,    0, OTHER",
    })
    void isReadFromStateAndVendorCode(String state, int vendorCode, SqlFault fault) {
        assertThat(SqlFault.of(new SQLException("any", state, vendorCode))).isEqualTo(fault);
    }

    @Test
    void isNotReadFromTheExceptionClass() {
        assertThat(SqlFault.of(new SQLTransientConnectionException("SIGNAL", "45000", 1644)))
                .isEqualTo(SqlFault.OTHER);
    }
}

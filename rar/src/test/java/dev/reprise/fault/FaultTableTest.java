// SPDX-License-Identifier: Apache-2.0
package dev.reprise.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTableTest {

    private static final FaultTable EMPTY = FaultTable.vendor();

    private static SQLException failure(@Nullable String sqlState, int vendorCode) {
        return new SQLException("as a driver says it", sqlState, vendorCode);
    }

    private static SQLException failure(@Nullable String sqlState, Throwable cause) {
        return new SQLException("as a driver says it", sqlState, cause);
    }

    private static Throwable nested(int depth, Throwable innermost) {
        Throwable nested = innermost;
        for (int i = 1; i < depth; i++) {
            nested = new RuntimeException(nested);
        }
        return nested;
    }

    @Test
    void aStateNamesOneFailure() {
        FaultTable table = EMPTY.state("25P03", Fault.CONNECTION, "test");
        assertThat(table.classify(failure("25P03", 0))).contains(Fault.CONNECTION);
        assertThat(table.classify(failure("25P04", 0))).contains(Fault.STATEMENT);
    }

    @Test
    void theFirstTwoLettersOfAStateNameItsClass() {
        FaultTable table = EMPTY.state("40", Fault.TRANSACTION, "test");
        assertThat(table.classify(failure("40P01", 0))).contains(Fault.TRANSACTION);
        assertThat(table.classify(failure("04000", 0))).contains(Fault.STATEMENT);
    }

    @Test
    void aVendorCodeCountsWithAnyState() {
        FaultTable table = EMPTY.code(1213, Fault.TRANSACTION, "test");
        assertThat(table.classify(failure("40001", 1213))).contains(Fault.TRANSACTION);
        assertThat(table.classify(failure(null, 1213))).contains(Fault.TRANSACTION);
        assertThat(table.classify(failure("40001", 1214))).contains(Fault.STATEMENT);
    }

    @Test
    void aStateWithACodeNeedsBoth() {
        FaultTable table = EMPTY.stateAndCode("08000", -1, Fault.CONNECTION, "test");
        assertThat(table.classify(failure("08000", -1))).contains(Fault.CONNECTION);
        assertThat(table.classify(failure("08000", 1))).isEmpty();
        assertThat(table.classify(failure("HY000", -1))).contains(Fault.STATEMENT);
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        FaultTable table = EMPTY.code(1, Fault.STATEMENT, "test").code(1, Fault.CONNECTION, "test");
        assertThat(table.classify(failure("08006", 1))).contains(Fault.STATEMENT);
    }

    @Test
    void theVendorsTableComesBeforeTheStandard() {
        FaultTable table = EMPTY.code(7, Fault.STATEMENT, "test").andStandard();
        assertThat(table.classify(failure("40001", 7))).contains(Fault.STATEMENT);
        assertThat(table.classify(failure("40001", 8))).contains(Fault.TRANSACTION);
    }

    @Test
    void aTableIsNotChangedByTheOnesMadeFromIt() {
        EMPTY.state("22", Fault.CONNECTION, "test");
        assertThat(EMPTY.classify(failure("22012", 0))).contains(Fault.STATEMENT);
    }

    @ParameterizedTest
    @CsvSource({
        "40001, TRANSACTION",
        "40002, TRANSACTION",
        "40003, CONNECTION",
        "08003, CONNECTION",
        "08006, CONNECTION",
        "23505, STATEMENT",
        "42000, STATEMENT",
        "45000, STATEMENT",
        "HY000, STATEMENT"
    })
    void theStandardKnows(String sqlState, Fault fault) {
        assertThat(FaultTable.STANDARD.classify(failure(sqlState, 0))).contains(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08000", "08001", "08004", "08007", "08S01"})
    void aConnectionExceptionThatNobodyKnowsIsLeftOpen(String sqlState) {
        assertThat(FaultTable.STANDARD.classify(failure(sqlState, 4711))).isEmpty();
    }

    @Test
    void aConnectionExceptionThatComesFromTheNetworkIsALostConnection() {
        assertThat(EMPTY.classify(failure("08S01", new EOFException()))).contains(Fault.CONNECTION);
        assertThat(EMPTY.classify(failure("08S01", nested(20, new IOException()))))
                .contains(Fault.CONNECTION);
    }

    @Test
    void withoutAStateOnlyTheNetworkTells() {
        assertThat(EMPTY.classify(failure(null, new IOException()))).contains(Fault.CONNECTION);
        assertThat(EMPTY.classify(failure(null, 0))).contains(Fault.STATEMENT);
    }

    /** A stream that an application passed as a parameter, for instance. */
    @Test
    void aFailingStreamOfTheApplicationIsNoLostConnection() {
        assertThat(EMPTY.classify(failure("HY000", new IOException()))).contains(Fault.STATEMENT);
        assertThat(EMPTY.classify(failure("22000", new IOException()))).contains(Fault.STATEMENT);
    }

    @Test
    void causesAreFollowedToALimit() {
        var first = new RuntimeException("first");
        first.initCause(new RuntimeException("second", first));
        assertThat(EMPTY.classify(failure("08S01", first))).isEmpty();
        assertThat(EMPTY.classify(failure("08S01", nested(21, new IOException()))))
                .isEmpty();
    }

    /** Connector/J makes both of an application's own SIGNAL. */
    @Test
    void theClassOfAnExceptionDoesNotCount() {
        assertThat(FaultTable.STANDARD.classify(new SQLTransientConnectionException("mine", "45000", 1644)))
                .contains(Fault.STATEMENT);
        assertThat(FaultTable.STANDARD.classify(new SQLNonTransientConnectionException("mine", "45000", 1644)))
                .contains(Fault.STATEMENT);
    }
}

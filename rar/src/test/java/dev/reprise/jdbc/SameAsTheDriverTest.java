// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each method of each JDBC interface, on real databases: through the wrappers it gives what it gives on the bare driver
 * for the same arguments in the same state, leaves the same state, and shows each failure to the owner once.
 */
class SameAsTheDriverTest {

    /** What is not the same, and why. */
    private static final Map<String, String> BY_DESIGN = Map.of(
            "Connection.close", "gives the connection back; the physical one stays open",
            "Connection.abort", "cuts our socket; drivers open another connection for it",
            "Connection.beginRequest", "is the container's affair, and has begun already",
            "Connection.endRequest", "is the container's affair, and ends with the return",
            "Connection.isValid",
                    "says false where the driver fails, and has a message of its own for a wrong timeout");

    static Stream<Arguments> drivers() {
        return Arrays.stream(JdbcFixture.values())
                .flatMap(driver -> JdbcMethods.ways().map(way -> Arguments.of(driver, way.get()[0], way.get()[1])));
    }

    @BeforeAll
    static void create() throws SQLException {
        for (JdbcFixture driver : JdbcFixture.values()) {
            driver.create();
        }
    }

    @AfterAll
    static void drop() throws SQLException {
        for (JdbcFixture driver : JdbcFixture.values()) {
            driver.drop();
        }
    }

    @ParameterizedTest(name = "{0} {1} recorded: {2}")
    @MethodSource("drivers")
    void doesWhatTheDriverDoes(JdbcFixture driver, Class<? extends Wrapper> type, boolean records) throws Exception {
        var differences = new ArrayList<String>();
        try (var comparison = new DriverComparison(driver, records)) {
            for (Method method : JdbcMethods.failing(type).toList()) {
                if (!BY_DESIGN.containsKey(type.getSimpleName() + "." + method.getName())) {
                    for (int variant = 0; variant < JdbcArguments.VARIANTS; variant++) {
                        differences.addAll(comparison.differences(type, method, variant));
                    }
                }
            }
            assertThat(comparison.returned())
                    .isGreaterThan((int) JdbcMethods.failing(type).count() * 9 / 10);
        }
        assertThat(differences).isEmpty();
    }
}

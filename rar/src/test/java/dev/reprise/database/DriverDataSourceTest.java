// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverDataSourceTest {

    private static final String H2 = JdbcDataSource.class.getName();
    private static final String STUB = StubDataSource.class.getName();

    private static StubDataSource stub(String name, String value) {
        return (StubDataSource) DriverDataSource.create(STUB, Map.of(name, value));
    }

    @Test
    void setsPropertiesByTheirSettersInOrder() throws SQLException {
        var properties = new LinkedHashMap<String, String>();
        properties.put("url", "jdbc:h2:mem:");
        properties.put("USER", "somebody");
        XADataSource dataSource = DriverDataSource.create(H2, properties);
        assertThat(((JdbcDataSource) dataSource).getUrl()).isEqualTo("jdbc:h2:mem:");
        Connection connection = dataSource.getXAConnection().getConnection();
        assertThat(connection.getMetaData().getUserName()).isEqualTo("SOMEBODY");
        connection.close();
    }

    @Test
    void convertsToWhatTheSetterTakes() {
        assertThat(stub("size", "7").size).isEqualTo(7);
        assertThat(stub("length", "5000000000").length).isEqualTo(5_000_000_000L);
        assertThat(stub("strict", "true").strict).isTrue();
        assertThat(stub("strict", "false").strict).isFalse();
    }

    @Test
    void namesTheClassThatIsNotThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DriverDataSource.create("org.example.Missing", Map.of()))
                .withMessage("xaDataSourceClass: org.example.Missing cannot be loaded by the adapter"
                        + " (java.lang.ClassNotFoundException: org.example.Missing); the driver must be inside the .rar"
                        + " or a module that it depends on");
    }

    @Test
    void namesTheClassThatCannotBeMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DriverDataSource.create(XADataSource.class.getName(), Map.of()))
                .withMessage(
                        "xaDataSourceClass: javax.sql.XADataSource cannot be made; allowed are public classes that are"
                                + " not abstract, with a public constructor without parameters");
    }

    @Test
    void namesTheClassThatIsNoXaDataSource() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DriverDataSource.create("java.lang.Object", Map.of()))
                .withMessage(
                        "xaDataSourceClass: java.lang.Object is no javax.sql.XADataSource; allowed are classes that are");
    }

    @Test
    void namesThePropertyThatIsNotThereAndThoseThatAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stub("colour", "red"))
                .withMessage("driverProperties: " + STUB + " has no property colour; allowed are"
                        + " [length, loginTimeout, refused, size, strict]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"size", "length"})
    void namesTheNumberThatIsNone(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stub(name, "many"))
                .withMessage("driverProperties: " + name + "=many is not a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "", "ture"})
    void aFlagThatIsNeitherTrueNorFalseIsNotTakenForFalse(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stub("strict", value))
                .withMessage("driverProperties: strict=" + value + " is neither true nor false");
    }

    @Test
    void saysWhatTheDriverRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stub("refused", "x"))
                .withMessage("refused: refused by the driver: java.lang.IllegalStateException: never");
    }

    /** The thread's loader is whoever's that happened to ask. */
    @Test
    void theLoaderOfTheThreadDoesNotCount() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            assertThat(DriverDataSource.create(H2, Map.of())).isInstanceOf(JdbcDataSource.class);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.h2.jdbc.JdbcConnection;
import org.h2.jdbc.JdbcResultSet;
import org.h2.jdbc.JdbcStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever asks a JDBC object where it comes from gets no object of the driver. */
class GuardedIdentityTest {

    private H2 h2;
    private ConnectionHandle handle;

    @BeforeEach
    void open() throws SQLException {
        h2 = new H2();
        handle = h2.handle;
    }

    @AfterEach
    void close() throws SQLException {
        h2.close();
    }

    @Test
    void aStatementComesFromItsHandle() throws SQLException {
        try (Statement statement = handle.createStatement();
                PreparedStatement prepared = handle.prepareStatement("select 1");
                CallableStatement callable = handle.prepareCall("call 1")) {
            assertThat(statement.getConnection()).isSameAs(handle);
            assertThat(prepared.getConnection()).isSameAs(handle);
            assertThat(callable.getConnection()).isSameAs(handle);
        }
    }

    @Test
    void aResultSetComesFromItsStatement() throws SQLException {
        try (Statement statement = handle.createStatement()) {
            assertThat(statement.executeQuery("select 1").getStatement()).isSameAs(statement);
            statement.execute("select 1");
            assertThat(statement.getResultSet().getStatement()).isSameAs(statement);
            statement.executeUpdate("insert into account values (3, 0)", Statement.RETURN_GENERATED_KEYS);
            assertThat(statement.getGeneratedKeys().getStatement()).isSameAs(statement);
        }
        try (PreparedStatement prepared = handle.prepareStatement("select ?")) {
            prepared.setInt(1, 1);
            assertThat(prepared.executeQuery().getStatement()).isSameAs(prepared);
        }
    }

    @Test
    void metaDataComesFromItsHandle() throws SQLException {
        DatabaseMetaData metaData = handle.getMetaData();
        assertThat(metaData.getConnection()).isSameAs(handle);
        try (ResultSet tables = metaData.getTables(null, null, "ACCOUNT", null)) {
            assertThat(tables.next()).isTrue();
            assertThat(tables).isInstanceOf(GuardedResultSet.class);
            Statement statement = tables.getStatement();
            assertThat(statement == null ? handle : statement.getConnection()).isSameAs(handle);
        }
    }

    @Test
    void whatIsNotThereStaysNull() throws SQLException {
        try (Statement statement = handle.createStatement()) {
            statement.execute("update account set balance = 0");
            assertThat(statement.getResultSet()).isNull();
            assertThat(statement.getUpdateCount()).isEqualTo(2);
        }
    }

    @Test
    void theDriversObjectsAreThereForWhoeverAsksForThem() throws SQLException {
        try (Statement statement = handle.createStatement();
                ResultSet results = statement.executeQuery("select 1")) {
            assertThat(handle.unwrap(JdbcConnection.class)).isSameAs(h2.physical);
            assertThat(statement.unwrap(JdbcStatement.class)).isNotNull();
            assertThat(results.unwrap(JdbcResultSet.class)).isNotNull();
            assertThat(handle.isWrapperFor(JdbcConnection.class)).isTrue();
            assertThat(statement.isWrapperFor(JdbcStatement.class)).isTrue();
        }
    }

    @Test
    void unwrapsToItselfWhereThatIsEnough() throws SQLException {
        assertThat(handle.unwrap(Connection.class)).isSameAs(handle);
        assertThat(handle.unwrap(ConnectionHandle.class)).isSameAs(handle);
        assertThat(handle.isWrapperFor(Connection.class)).isTrue();
    }

    @Test
    void isNoWrapperForJustAnything() throws SQLException {
        assertThat(handle.isWrapperFor(Savepoint.class)).isFalse();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> handle.unwrap(Savepoint.class));
    }

    @Test
    void aClosedHandleGivesAwayNothingOfTheDriver() {
        handle.close();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> handle.unwrap(JdbcConnection.class))
                .extracting(SQLException::getSQLState)
                .isEqualTo("08003");
    }
}

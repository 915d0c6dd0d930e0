// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClosedHandleTest {

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
    void theOwnerIsToldOnceHoweverOftenItIsClosed() throws SQLException {
        assertThat(handle.isClosed()).isFalse();
        handle.close();
        handle.close();
        assertThat(h2.owner.closed).isEqualTo(1);
        assertThat(handle.isClosed()).isTrue();
        assertThat(h2.physical.isClosed()).isFalse();
    }

    @Test
    void whatWasLeftOpenIsClosedAndCounted() throws SQLException {
        Statement left = handle.createStatement();
        PreparedStatement alsoLeft = handle.prepareStatement("select 1");
        PreparedStatement andThis = handle.prepareCall("call 1");
        Statement driversLeft = left.unwrap(org.h2.jdbc.JdbcStatement.class);
        PreparedStatement driversAlsoLeft = alsoLeft.unwrap(org.h2.jdbc.JdbcPreparedStatement.class);
        PreparedStatement driversThis = andThis.unwrap(org.h2.jdbc.JdbcPreparedStatement.class);
        handle.createStatement().close();
        handle.prepareStatement("select 2").close();
        handle.close();
        assertThat(h2.owner.openStatements).isEqualTo(3);
        assertThat(driversLeft.isClosed()).isTrue();
        assertThat(driversAlsoLeft.isClosed()).isTrue();
        assertThat(driversThis.isClosed()).isTrue();
    }

    @Test
    void whatTheDriverClosedByItselfWasNotLeftOpen() throws SQLException {
        Statement statement = handle.createStatement();
        statement.closeOnCompletion();
        statement.executeQuery("select 1").close();
        handle.close();
        assertThat(h2.owner.openStatements).isZero();
    }

    @Test
    void aStatementThatCannotBeClosedDoesNotKeepTheHandleOpen() throws SQLException {
        Statement statement = handle.createStatement();
        h2.physical.close();
        handle.close();
        assertThat(handle.isClosed()).isTrue();
        assertThat(h2.owner.closed).isEqualTo(1);
        assertThat(statement.isClosed()).isTrue();
    }

    @Test
    void aStatementAndItsResultSetAreClosedWithTheirHandle() throws SQLException {
        Statement statement = handle.createStatement();
        ResultSet results = statement.executeQuery("select 1");
        handle.close();
        assertThat(statement.isClosed()).isTrue();
        assertThat(results.isClosed()).isTrue();
        statement.close();
        results.close();
        assertThatExceptionOfType(SQLException.class).isThrownBy(results::next);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.executeQuery("select 1"));
    }

    @Test
    void aStatementThatIsClosedSaysSoItself() throws SQLException {
        Statement statement = handle.createStatement();
        statement.close();
        statement.close();
        assertThat(statement.isClosed()).isTrue();
        assertThat(h2.owner.failures).isEmpty();
    }

    @Test
    void isNotValid() throws SQLException {
        assertThat(handle.isValid(1)).isTrue();
        handle.close();
        assertThat(handle.isValid(1)).isFalse();
    }

    @Test
    void aNegativeTimeoutIsRefused() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> handle.isValid(-1))
                .withMessage("isValid(-1): allowed are zero or more seconds");
    }

    @Test
    void abortIsTheOwnersUntilItIsClosed() {
        handle.abort(Runnable::run);
        assertThat(h2.owner.aborted).isEqualTo(1);
        handle.close();
        handle.abort(Runnable::run);
        assertThat(h2.owner.aborted).isEqualTo(1);
    }

    @Test
    void anotherThreadInvalidatesItAtOnce() throws Exception {
        Statement statement = handle.createStatement();
        ResultSet results = statement.executeQuery("select x from system_range(1, 1000000)");
        assertThat(results.next()).isTrue();
        CompletableFuture.runAsync(() -> handle.invalidate(h2.owner)).get(10, TimeUnit.SECONDS);
        assertThat(handle.isClosed()).isTrue();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(results::next)
                .extracting(SQLException::getSQLState)
                .isEqualTo("08003");
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("select 1"));
        assertThatExceptionOfType(SQLException.class).isThrownBy(handle::createStatement);
    }

    @Test
    void invalidatedIsNotClosedByTheApplication() {
        handle.invalidate(h2.owner);
        handle.close();
        assertThat(h2.owner.closed).isZero();
    }

    @Test
    void aHandleGetsANewOwner() throws SQLException {
        try (var other = new H2()) {
            handle.invalidate(h2.owner);
            handle.associate(other.owner);
            handle.invalidate(h2.owner);
            assertThat(handle.isClosed()).isFalse();
            try (Statement statement = handle.createStatement()) {
                assertThat(statement.executeUpdate("update account set balance = 1"))
                        .isEqualTo(2);
            }
            handle.close();
            assertThat(other.owner.closed).isEqualTo(1);
            assertThat(h2.owner.closed).isZero();
        }
    }
}

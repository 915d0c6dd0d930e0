// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.InvocationHandler;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandleTransactionTest {

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

    private static void refused(ThrowingCallable call, String message) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .withMessage(message)
                .extracting(SQLException::getSQLState)
                .isEqualTo("25000");
    }

    private static void update(ConnectionHandle handle) throws SQLException {
        try (Statement statement = handle.createStatement()) {
            statement.executeUpdate("update account set balance = balance + 1 where id = 1");
        }
    }

    private int balance() throws SQLException {
        try (var statement = h2.physical.createStatement();
                ResultSet row = statement.executeQuery("select balance from account where id = 1")) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void theContainerEndsItsTransactionAndNobodyElse() throws SQLException {
        h2.physical.setAutoCommit(false);
        h2.owner.managed = true;
        update(handle);
        String rest = ": the container controls this transaction; end it there";
        refused(handle::commit, "commit()" + rest);
        refused(handle::rollback, "rollback()" + rest);
        refused(() -> handle.setAutoCommit(true), "setAutoCommit(true)" + rest);
        assertThat(balance()).isEqualTo(101);
        h2.physical.rollback();
        assertThat(balance()).isEqualTo(100);
    }

    @Test
    void autoCommitIsOffInAContainersTransactionWhateverTheDriverSays() throws SQLException {
        h2.owner.managed = true;
        assertThat(h2.physical.getAutoCommit()).isTrue();
        assertThat(handle.getAutoCommit()).isFalse();
        handle.setAutoCommit(false);
        assertThat(h2.physical.getAutoCommit()).isTrue();
    }

    @Test
    void outsideAContainersTransactionTheApplicationCommitsItself() throws SQLException {
        handle.setAutoCommit(false);
        assertThat(handle.getAutoCommit()).isFalse();
        assertThat(h2.physical.getAutoCommit()).isFalse();
        update(handle);
        handle.rollback();
        assertThat(balance()).isEqualTo(100);
        update(handle);
        handle.commit();
        h2.physical.rollback();
        assertThat(balance()).isEqualTo(101);
    }

    @Test
    void savepointsAreRefusedInAnXaTransaction() throws SQLException {
        h2.physical.setAutoCommit(false);
        Savepoint savepoint = handle.setSavepoint();
        h2.owner.savepoints = false;
        String message = "Savepoints are not allowed in an XA transaction";
        refused(handle::setSavepoint, message);
        refused(() -> handle.setSavepoint("one"), message);
        refused(() -> handle.rollback(savepoint), message);
        refused(() -> handle.releaseSavepoint(savepoint), message);
    }

    @Test
    void savepointsWorkInALocalTransaction() throws SQLException {
        h2.physical.setAutoCommit(false);
        Savepoint savepoint = handle.setSavepoint("one");
        update(handle);
        handle.rollback(savepoint);
        assertThat(balance()).isEqualTo(100);
        handle.releaseSavepoint(handle.setSavepoint());
    }

    @Test
    void inAContainersTransactionTheServerIsNotAsked() throws SQLException {
        h2.owner.managed = true;
        h2.physical.close();
        assertThat(handle.isValid(1)).isTrue();
        h2.owner.refusal = new SQLException("undone", "40000");
        assertThat(handle.isValid(1)).isFalse();
    }

    @Test
    void aConnectionThatDoesNotAnswerIsToldToTheOwner() throws SQLException {
        h2.physical.close();
        assertThat(handle.isValid(1)).isFalse();
        assertThat(h2.owner.failures)
                .singleElement()
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("08006"));
    }

    @Test
    void aStatementMayHaveCommittedUnlessTheApplicationCommitsItself() throws SQLException {
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> fail(handle));
        handle.setAutoCommit(false);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> fail(handle));
        handle.setAutoCommit(true);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> fail(handle));
        assertThat(h2.owner.mayHaveCommitted).containsExactly(true, false, true);
    }

    private static void fail(ConnectionHandle handle) throws SQLException {
        try (Statement statement = handle.createStatement()) {
            statement.execute("insert into account values (1, 1)");
        }
    }

    @Test
    void onlyACommitAndWhatCommitsOnItsWayMayHaveCommitted() throws SQLException {
        InvocationHandler dead = (proxy, method, arguments) -> {
            if (method.getName().startsWith("get")) {
                return JdbcMethods.value(method.getReturnType(), 1);
            }
            throw new SQLException("down", "08006");
        };
        Connection connection = JdbcMethods.driver(Connection.class, dead);
        var owner = new StubOwner(connection);
        var broken = new ConnectionHandle(connection, owner, new NoTransactions());
        assertThatExceptionOfType(SQLException.class).isThrownBy(broken::commit);
        assertThatExceptionOfType(SQLException.class).isThrownBy(broken::rollback);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> broken.setAutoCommit(true));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> broken.setAutoCommit(false));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> broken.setReadOnly(true));
        assertThat(owner.mayHaveCommitted).containsExactly(true, false, true, false, false);
        assertThat(owner.exited).isEqualTo(owner.entered);
    }

    @Test
    void aCommitThatWasNotSentHasCommittedNothing() {
        InvocationHandler driver = (proxy, method, arguments) -> {
            if (method.getName().equals("getNetworkTimeout")) {
                throw new SQLException("The socket is closed", "08006");
            }
            throw new AssertionError(method);
        };
        var owner = new StubOwner(JdbcMethods.driver(Connection.class, driver));
        var lost = new ConnectionHandle(JdbcMethods.driver(Connection.class, driver), owner, new NoTransactions());
        assertThatExceptionOfType(SQLException.class).isThrownBy(lost::commit);
        assertThat(owner.mayHaveCommitted).containsExactly(false);
        assertThat(owner.exited).isEqualTo(owner.entered);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.jdbc.StatementRules.Tracking;
import java.lang.reflect.InvocationHandler;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is done for each statement that a handle makes, over a driver that keeps a query timeout and can fail to close. */
class StatementRulesTest {

    private final List<String> calls = new ArrayList<>();
    private int timeout;
    private boolean closing = true;

    private final InvocationHandler statement = (proxy, method, arguments) -> {
        switch (method.getName()) {
            case "setQueryTimeout" -> timeout = (int) arguments[0];
            case "getQueryTimeout" -> {
                return timeout;
            }
            case "isClosed" -> {
                return calls.contains("close");
            }
            case "close" -> {
                if (!closing) {
                    throw new SQLException("busy", "HY000");
                }
                calls.add("close");
            }
            default -> calls.add(method.getName() + " within " + timeout);
        }
        return JdbcMethods.value(method.getReturnType(), 1);
    };

    private final StubOwner owner =
            new StubOwner(JdbcMethods.driver(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
                case "prepareCall" -> JdbcMethods.driver(CallableStatement.class, statement);
                case "prepareStatement" -> JdbcMethods.driver(PreparedStatement.class, statement);
                default -> JdbcMethods.driver(Statement.class, statement);
            }));

    private ConnectionHandle handle(Tracking tracking, int queryTimeout, boolean withinTransaction)
            throws SQLException {
        owner.rules = new StatementRules(tracking, queryTimeout, withinTransaction);
        return new ConnectionHandle(owner.physical(), owner, new NoTransactions());
    }

    @Test
    void withoutTrackingNothingIsKept() throws SQLException {
        ConnectionHandle handle = handle(Tracking.OFF, 0, false);
        Statement left = handle.createStatement();
        handle.close();
        assertThat(calls).isEmpty();
        assertThat(owner.openStatements).isZero();
        assertThat(left.isClosed()).isTrue(); // for the application
    }

    @Test
    void itIsToldWhereAStatementWasOpened() throws SQLException {
        ConnectionHandle handle = handle(Tracking.WARN, 0, false);
        handle.createStatement().close();
        calls.clear();
        opens(handle);
        handle.close();
        assertThat(calls).containsExactly("close");
        assertThat(owner.openers).hasSize(1);
        assertThat(owner.openers.get(0).getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("opens"));
    }

    private static void opens(Connection handle) throws SQLException {
        handle.prepareStatement("select 1");
    }

    @Test
    void byDefaultStatementsAreClosedAndNoStackIsTaken() throws SQLException {
        ConnectionHandle handle = handle(Tracking.CLOSE, 0, false);
        opens(handle);
        handle.close();
        assertThat(calls).containsExactly("close");
        assertThat(owner.openStatements).isEqualTo(1);
        assertThat(owner.openers).isEmpty();
    }

    @Test
    void oneThatCannotBeClosedIsCountedAndShownToTheOwner() throws SQLException {
        closing = false;
        ConnectionHandle handle = handle(Tracking.CLOSE, 0, false);
        opens(handle);
        opens(handle);
        handle.close();
        assertThat(owner.closed).isEqualTo(1);
        assertThat(owner.openStatements).isEqualTo(2);
        assertThat(owner.failures).hasSize(2);
    }

    @Test
    void eachStatementBeginsWithTheQueryTimeout() throws SQLException {
        ConnectionHandle handle = handle(Tracking.CLOSE, 7, false);
        handle.createStatement().execute("select 1");
        timeout = 0;
        handle.prepareStatement("select 1").execute();
        timeout = 0;
        handle.prepareCall("call 1").execute();
        assertThat(calls).containsExactly("execute within 7", "execute within 7", "execute within 7");
    }

    @Test
    void theApplicationsOwnTimeoutTakesItsPlace() throws SQLException {
        Statement own = handle(Tracking.CLOSE, 7, false).createStatement();
        own.setQueryTimeout(9);
        own.execute("select 1");
        assertThat(calls).containsExactly("execute within 9");
    }

    @Test
    void withoutADeadlineTheStatementKeepsItsTimeout() throws SQLException {
        handle(Tracking.CLOSE, 7, true).createStatement().execute("select 1");
        assertThat(calls).containsExactly("execute within 7");
    }

    @Test
    void noStatementMayTakeLongerThanItsTransaction() throws SQLException {
        Statement own = handle(Tracking.CLOSE, 0, true).createStatement();
        owner.remainingSeconds = 5;
        own.execute("select 1");
        assertThat(own.getQueryTimeout()).isZero();
        own.setQueryTimeout(9);
        own.executeQuery("select 1");
        assertThat(own.getQueryTimeout()).isEqualTo(9);
        own.setQueryTimeout(3);
        own.executeBatch();
        assertThat(own.getQueryTimeout()).isEqualTo(3);
        assertThat(calls).containsExactly("execute within 5", "executeQuery within 5", "executeBatch within 3");
        owner.remainingSeconds = HandleOwner.NO_DEADLINE;
        own.execute("select 1");
        assertThat(calls).endsWith("execute within 3");
    }

    @Test
    void thereIsNoStatementWhenTheTimeIsOver() throws SQLException {
        Statement late = handle(Tracking.CLOSE, 0, true).createStatement();
        owner.remainingSeconds = 0;
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> late.execute("select 1"))
                .withMessage("The transaction has no time left")
                .withCauseInstanceOf(SQLTimeoutException.class);
        assertThat(calls).isEmpty();
        assertThat(owner.exited).isEqualTo(owner.entered);
    }

    @Test
    void whatIsNotWantedIsNotAskedFor() throws SQLException {
        Statement own = handle(Tracking.CLOSE, 0, false).createStatement();
        owner.remainingSeconds = 5;
        own.execute("select 1");
        assertThat(calls).containsExactly("execute within 0");
    }
}

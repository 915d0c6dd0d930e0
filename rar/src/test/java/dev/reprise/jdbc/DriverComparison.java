// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.XAConnection;
import org.jspecify.annotations.Nullable;

/** Makes the same call on the bare driver and through the wrappers, each on a session of its own. */
final class DriverComparison implements AutoCloseable {

    /** What a call gave, whether that was a failure of the driver, and what was there afterwards. */
    private record Observed(String result, boolean failed, String afterwards) {}

    private final JdbcFixture driver;
    private final boolean records;
    private int returned;
    private XAConnection bare;
    private XAConnection wrapped;

    /** @param records whether the owner of the wrappers does */
    DriverComparison(JdbcFixture driver, boolean records) throws SQLException {
        this.driver = driver;
        this.records = records;
        bare = driver.open();
        wrapped = driver.open();
    }

    /** How many calls did not fail. */
    int returned() {
        return returned;
    }

    List<String> differences(Class<?> type, Method method, int variant) throws Exception {
        var differences = new ArrayList<String>();
        for (JdbcSubject subject : JdbcSubject.of(type)) {
            if (type == Connection.class) { // whose state no rollback puts back
                close();
                bare = driver.open();
                wrapped = driver.open();
            }
            Observed expected = bare(subject, method, variant);
            Observed observed = wrapped(subject, method, variant);
            if (!observed.equals(expected)) {
                differences.add(subject + " " + method + ", variant " + variant + "\n  driver:   " + expected
                        + "\n  wrappers: " + observed);
            }
        }
        return differences;
    }

    private Observed bare(JdbcSubject subject, Method method, int variant) throws Exception {
        Connection connection = begin(bare);
        Wrapper target = subject.make(connection);
        try {
            String result = JdbcText.of(method.invoke(target, JdbcArguments.of(method, variant)));
            returned++;
            return new Observed(result, false, JdbcText.afterwards(target, connection));
        } catch (InvocationTargetException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause());
            boolean failed = thrown instanceof SQLException;
            return new Observed(JdbcText.of(thrown), failed, JdbcText.afterwards(target, connection));
        } finally {
            end(connection);
        }
    }

    private Observed wrapped(JdbcSubject subject, Method method, int variant) throws Exception {
        Connection connection = begin(wrapped);
        var owner = new StubOwner(connection);
        owner.records = records;
        var handle = ConnectionHandle.of(connection, owner, new NoTransactions());
        Wrapper target = subject.make(handle);
        Wrapper drivers = ((Guarded<?>) target).delegate;
        try {
            Object result = method.invoke(target, JdbcArguments.of(method, variant));
            String text = (isOfDriver(result) ? "not guarded: " : "") + JdbcText.of(result);
            return new Observed(text, !owner.failures.isEmpty(), JdbcText.afterwards(drivers, connection));
        } catch (InvocationTargetException e) {
            Throwable caught = Objects.requireNonNull(e.getCause());
            Throwable thrown = caught instanceof StubOwner.Seen seen ? seen.original() : caught;
            boolean shownOnce = owner.failures.equals(List.of(thrown));
            return new Observed(JdbcText.of(thrown), shownOnce, JdbcText.afterwards(drivers, connection));
        } finally {
            end(connection);
        }
    }

    /** What an application must not get without asking for it. */
    private static boolean isOfDriver(@Nullable Object result) {
        return JdbcMethods.INTERFACES.stream().anyMatch(type -> type.isInstance(result))
                && !(result instanceof Guarded<?>);
    }

    private static Connection begin(XAConnection session) throws SQLException {
        Connection connection = session.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void end(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            connection.setAutoCommit(false);
            connection.rollback();
        }
    }

    @Override
    public void close() throws SQLException {
        bare.close();
        wrapped.close();
    }
}

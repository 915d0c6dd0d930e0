// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/** A driver without a database that notes requests (JDBC 4.3), and whose statements cannot be closed. */
public final class NotedDataSource implements XADataSource {

    static final List<String> CALLS = new CopyOnWriteArrayList<>();

    static RepriseManagedConnectionFactory factory() {
        CALLS.clear();
        var factory = new RepriseManagedConnectionFactory();
        factory.setXaDataSourceClass(NotedDataSource.class.getName());
        factory.setDriverProperties("name=noted");
        return factory;
    }

    public void setName(String name) {
        // to have a property
    }

    @Override
    public XAConnection getXAConnection() {
        Connection connection =
                proxy(Connection.class, (self, method, arguments) -> answer(method.getName(), method.getReturnType()));
        return proxy(
                XAConnection.class,
                (self, method, arguments) -> method.getName().equals("getConnection") ? connection : null);
    }

    private static @Nullable Object answer(String method, Class<?> type) {
        if (method.endsWith("Request")) {
            CALLS.add(method);
            return null;
        }
        if (method.equals("createStatement")) {
            return unclosable();
        }
        if (type == boolean.class) {
            return method.equals("getAutoCommit");
        }
        return type == int.class ? Integer.valueOf(0) : null;
    }

    private static Statement unclosable() {
        return proxy(Statement.class, (self, method, arguments) -> {
            switch (method.getName()) {
                case "close" -> throw new SQLException("busy", "HY000");
                case "isClosed" -> {
                    return false;
                }
                default -> throw new SQLFeatureNotSupportedException(method.getName());
            }
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler does) {
        return type.cast(Proxy.newProxyInstance(NotedDataSource.class.getClassLoader(), new Class<?>[] {type}, does));
    }

    @Override
    public XAConnection getXAConnection(String user, String password) {
        return getXAConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }
}

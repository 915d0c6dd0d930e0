// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.ConnectionEventListener;
import javax.sql.StatementEventListener;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** A driver that nobody knows, without a server; its XAResource fails as it is told to. Used by one test at a time. */
public final class StubDataSource implements XADataSource {

    /** What a call of this name throws: an XAException or a RuntimeException. */
    static final Map<String, Supplier<Exception>> FAILURES = new ConcurrentHashMap<>();

    private static void call(String name) throws XAException {
        Supplier<Exception> failure = FAILURES.get(name);
        if (failure == null) {
            return;
        }
        Exception thrown = failure.get();
        if (thrown instanceof XAException xa) {
            throw xa;
        }
        throw (RuntimeException) thrown;
    }

    public void setUrl(String url) {
        // there is no server
    }

    @Override
    public XAConnection getXAConnection() {
        if (FAILURES.containsKey("connect")) {
            throw new IllegalStateException("a bug of the driver");
        }
        return new StubConnection();
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
    public void setLogWriter(@Nullable PrintWriter out) {
        // nothing is logged
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // nothing is waited for
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    private static final class StubConnection implements XAConnection {

        @Override
        public XAResource getXAResource() {
            return new StubResource();
        }

        @Override
        public Connection getConnection() {
            return (Connection) Proxy.newProxyInstance(
                    StubConnection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "isClosed" -> false;
                        case "getAutoCommit" -> true;
                        case "getNetworkTimeout" -> 0;
                        default -> null;
                    });
        }

        @Override
        public void close() {
            // nothing is open
        }

        @Override
        public void addConnectionEventListener(ConnectionEventListener listener) {
            // tells nothing
        }

        @Override
        public void removeConnectionEventListener(ConnectionEventListener listener) {
            // tells nothing
        }

        @Override
        public void addStatementEventListener(StatementEventListener listener) {
            // tells nothing
        }

        @Override
        public void removeStatementEventListener(StatementEventListener listener) {
            // tells nothing
        }
    }

    private static final class StubResource implements XAResource {

        @Override
        public void start(Xid xid, int flags) throws XAException {
            call("start");
        }

        @Override
        public void end(Xid xid, int flags) throws XAException {
            call("end");
        }

        @Override
        public int prepare(Xid xid) throws XAException {
            call("prepare");
            return XA_OK;
        }

        @Override
        public void commit(Xid xid, boolean onePhase) throws XAException {
            call("commit");
        }

        @Override
        public void rollback(Xid xid) throws XAException {
            call("rollback");
        }

        @Override
        public Xid[] recover(int flag) throws XAException {
            call("recover");
            return new Xid[0];
        }

        @Override
        public void forget(Xid xid) throws XAException {
            call("forget");
        }

        @Override
        public boolean isSameRM(XAResource other) {
            return true;
        }

        @Override
        public int getTransactionTimeout() {
            return 0;
        }

        @Override
        public boolean setTransactionTimeout(int seconds) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.Referenceable;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAllocationException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.logging.Logger;
import javax.naming.Reference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What applications inject. Thread-safe. */
public final class RepriseDataSource implements DataSource, Serializable, Referenceable {

    private static final long serialVersionUID = 1L;

    private static final List<String> TRY_AGAIN = List.of("08", "HY", "53", "57");

    private final ManagedConnectionFactory factory;

    @SuppressWarnings("serial") // a container's connection manager is serializable where it stores references
    private final ConnectionManager connections;

    private @Nullable Reference reference;

    RepriseDataSource(ManagedConnectionFactory factory, ConnectionManager connections) {
        this.factory = factory;
        this.connections = connections;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return allocate(Credentials.CONFIGURED);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return allocate(new Credentials(user, password));
    }

    Connection allocate(@Nullable ConnectionRequestInfo request) throws SQLException {
        try (var allocation = new Allocation()) {
            try {
                return (Connection) connections.allocateConnection(factory, request);
            } catch (ResourceException e) {
                throw failure(e, allocation.notStarted());
            }
        }
    }

    private static SQLException failure(ResourceException e, @Nullable SQLException notStarted) {
        Exception first = notStarted == null ? e : notStarted;
        var failure = new SQLException("No connection: " + reason(first), sqlState(first), first);
        if (notStarted != null) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        for (int depth = 0; cause.getCause() != null && depth < 10; depth++) {
            cause = cause.getCause();
        }
        return cause.equals(e) ? String.valueOf(e.getMessage()) : e.getMessage() + " <- " + cause.getMessage();
    }

    /**
     * 08001 (cannot connect) if it was tried, also if the server has no room or no time for it now; the database's own
     * state where trying again is of no use, such as a wrong password; HY000 if the container refused, for instance because the transaction is over.
     */
    private static String sqlState(Throwable e) {
        String state = "HY000";
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String own = sql.getSQLState();
                return own == null || TRY_AGAIN.stream().anyMatch(own::startsWith) ? "08001" : own;
            }
            if (cause instanceof ResourceAllocationException) {
                state = "08001";
            }
        }
        return state;
    }

    /** The adapter logs through the server's log. */
    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // see getLogWriter
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("The administrator sets connectTimeoutMillis", "0A000");
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("The adapter logs through the server's log", "0A000");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("Not a wrapper for " + type.getName(), "HY000");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public void setReference(@Nullable Reference newReference) {
        reference = newReference;
    }

    @Override
    public @Nullable Reference getReference() {
        return reference;
    }
}

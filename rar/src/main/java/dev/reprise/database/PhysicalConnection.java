// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.Fault;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * One session on a server: the driver's objects, and what the server said of it. Lives until it is lost or closed.
 * Thread-safe in what is its own; the driver's objects are used by one thread at a time.
 */
public final class PhysicalConnection {

    /** A call of the driver. */
    @FunctionalInterface
    public interface Call<T extends @Nullable Object, E extends Exception> {
        T run() throws E, SQLException;
    }

    private final Database database;
    private final XAConnection driverConnection;
    private final Connection connection;
    private final XAResource xaResource;
    private final Session session;
    private final int generation;
    private final Optional<Socket> socket;
    private final AtomicReference<@Nullable SQLException> loss = new AtomicReference<>();

    PhysicalConnection(
            Database database,
            XAConnection driverConnection,
            Connection connection,
            Session session,
            int generation,
            Optional<Socket> socket)
            throws SQLException {
        this.database = database;
        this.driverConnection = driverConnection;
        this.connection = connection;
        this.xaResource = driverConnection.getXAResource();
        this.session = session;
        this.generation = generation;
        this.socket = socket;
    }

    public Database database() {
        return database;
    }

    public Connection connection() {
        return connection;
    }

    public XAResource xaResource() {
        return xaResource;
    }

    public Session session() {
        return session;
    }

    public int generation() {
        return generation;
    }

    /** Why the session is known to be lost; null while it is not. */
    public @Nullable SQLException loss() {
        return loss.get();
    }

    public boolean isLost() {
        return loss.get() != null;
    }

    /** Remembers the first reason. */
    public boolean lose(SQLException reason) {
        return loss.compareAndSet(null, reason);
    }

    /**
     * What a failed call says has been lost. Asks the driver, never the server, where the tables cannot tell: a ping
     * inside a transaction may swallow its abort.
     */
    public Fault fault(SQLException e) {
        if (database.becameReadOnly(e)) {
            return Fault.CONNECTION;
        }
        return database.faults().classify(e).orElseGet(() -> closedByDriver() ? Fault.CONNECTION : Fault.STATEMENT);
    }

    private boolean closedByDriver() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /**
     * Runs a call of which no read may wait for longer than this. Its result stands even if the connection turns out to
     * be lost afterwards.
     *
     * @throws SQLException also if the driver fails with a RuntimeException, which a transaction manager would misread
     */
    public <T extends @Nullable Object, E extends Exception> T bounded(Duration timeout, Call<T, E> call)
            throws E, SQLException {
        int before = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, (int) timeout.toMillis());
        try {
            return call.run();
        } catch (RuntimeException e) {
            throw new SQLException("The driver failed: " + e, e);
        } finally {
            setNetworkTimeout(before);
        }
    }

    private void setNetworkTimeout(int millis) {
        try {
            if (!connection.isClosed()) {
                connection.setNetworkTimeout(Runnable::run, millis);
            }
        } catch (SQLException e) {
            lose(e);
        }
    }

    public void ping(Duration timeout) throws SQLException {
        this.<@Nullable Void, SQLException>bounded(timeout, () -> {
            database.ping(connection, timeout);
            return null;
        });
    }

    /**
     * Cuts the session without waiting for any lock of the driver: a call that another thread has under way on it
     * fails. What the server had not committed it undoes when it notices, or when it is fenced.
     */
    public void sever(SQLException reason, Executor background) {
        lose(reason);
        socket.ifPresent(each -> close(each, reason));
        background.execute(() -> close(reason));
    }

    /**
     * Closes a session in the background: the driver may say goodbye to a server that does not answer. It waits for a
     * thread that still reads, without a bound (Connector/J 3.5), so that reading is ended before.
     */
    public void close(Executor background) {
        var reason = new SQLException("closed", "08003");
        if (isLost()) {
            socket.ifPresent(each -> close(each, reason));
        } else {
            socket.ifPresent(each -> endReading(each, reason));
        }
        background.execute(() -> close(reason));
    }

    private static void endReading(Socket socket, SQLException reason) {
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            close(socket, reason); // it is closed already, or cannot be used for anything else
        }
    }

    private void close(SQLException reason) {
        try {
            driverConnection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        } finally {
            socket.ifPresent(each -> close(each, reason));
        }
    }

    /** Nothing is thrown: whoever cuts a session may be the transaction manager. */
    private static void close(Socket socket, SQLException reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}

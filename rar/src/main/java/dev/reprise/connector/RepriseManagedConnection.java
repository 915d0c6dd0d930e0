// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.PhysicalConnection;
import dev.reprise.fault.Fault;
import dev.reprise.jdbc.ConnectionHandle;
import dev.reprise.xa.Branch;
import dev.reprise.xa.BranchResource;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionMetaData;
import jakarta.resource.spi.ResourceAdapterInternalException;
import jakarta.resource.spi.SecurityException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.security.auth.Subject;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/** What the container pools. Its transactions may be completed by another thread than the one that works in them. */
final class RepriseManagedConnection implements ManagedConnection {

    /** As whom somebody who asks for a connection wants to work. */
    @FunctionalInterface
    interface SignOn {
        Credentials credentials(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
                throws ResourceException;
    }

    private final PhysicalHolder host;
    private final SignOn signOn;
    private final Branch branch = new Branch();
    private final Handles handles = new Handles();
    private final Events events = new Events(this);
    private final DriverRequest driverRequest = new DriverRequest();
    private final Enlistment enlistment;
    private final ApplicationGate gate;
    private final XAResource xaResource;
    private final LocalTransaction localTransaction;
    private volatile @Nullable PrintWriter logWriter;

    RepriseManagedConnection(PhysicalHolder host, SignOn signOn, Enlistment enlistment) {
        this.host = host;
        this.signOn = signOn;
        this.xaResource = new BranchResource(host, branch);
        this.localTransaction = new LocalBranch(host, branch, enlistment);
        this.enlistment = enlistment;
        this.gate = new ApplicationGate(host, branch, handles, events, enlistment);
        host.beforeReplacing(this::move);
        host.idleWhile(() -> handles.isEmpty() && !branch.inFlight() && branch.state() == Branch.State.NONE);
    }

    /** What the application has set is not silently lost, and what it has made on the lost session stays behind. */
    private void move() throws SQLException {
        gate.session().refuseIfChanged();
        handles.associate(gate);
    }

    PhysicalHolder host() {
        return host;
    }

    /**
     * A container may come here without having asked for a match: IronJacamar does within a transaction, whoever asks.
     *
     * @throws SecurityException for another user: a session cannot change hands (Connectors 2.1, 9.1.9)
     */
    @Override
    public Connection getConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        if (!signOn.credentials(subject, request).equals(host.credentials())) {
            throw new SecurityException("The connection belongs to another user than the one who asks");
        }
        PhysicalConnection physical = host.physical();
        try {
            driverRequest.begin(physical);
        } catch (SQLException e) {
            throw new ResourceException("The driver refuses to begin a request: " + e.getMessage(), e);
        }
        var handle = ConnectionHandle.of(physical.connection(), gate, enlistment.joined(request));
        handles.add(handle);
        return handle;
    }

    @Override
    public void associateConnection(Object connection) throws ResourceException {
        if (!(connection instanceof ConnectionHandle handle)) {
            throw new ResourceAdapterInternalException("Not a connection of this adapter");
        }
        handle.associate(gate);
        handles.add(handle);
    }

    /**
     * Ready for another use, or an exception, upon which the container destroys it (Connectors 2.1, 6.5.3.2). All
     * handles are invalid afterwards in both cases.
     */
    @Override
    public void cleanup() throws ResourceException {
        List<ConnectionHandle> left = handles.invalidate(gate);
        PhysicalConnection connection = host.physical();
        if (branch.inFlight() || branch.state() != Branch.State.NONE) {
            host.sever(connection, new SQLException("The connection was returned while it was in use", "40000"));
        }
        SQLException loss = connection.loss();
        if (loss != null) {
            throw new ResourceException("The physical connection was lost: " + loss.getMessage(), loss);
        }
        branch.reset();
        try {
            gate.session().restoreNetworkTimeout(connection.connection());
            connection.<@Nullable Void, SQLException>bounded(host.controlTimeout(), () -> {
                closeStatements(left, connection);
                restore(connection.connection());
                driverRequest.end(connection);
                host.beginAnew();
                return null;
            });
        } catch (SQLException e) {
            host.lost(connection, e);
            throw new ResourceException("The session could not be restored: " + e.getMessage(), e);
        }
        host.pooled();
    }

    /** One that cannot be closed is the driver's own affair, unless the connection is lost. */
    private static void closeStatements(List<ConnectionHandle> left, PhysicalConnection connection)
            throws SQLException {
        for (ConnectionHandle handle : left) {
            for (SQLException failure :
                    ApplicationGate.said(handle.closeLeftOpen()).failures()) {
                if (connection.fault(failure) == Fault.CONNECTION) {
                    throw failure;
                }
                LOG.secondary("closing a statement that was left open", failure);
            }
        }
    }

    /** Work that was left open outside a container's transaction was not committed, and is not. */
    private void restore(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        gate.session().restore(connection);
    }

    @Override
    public void destroy() {
        handles.invalidate(gate);
        if (branch.inFlight()) {
            host.sever(host.physical(), new SQLException("The connection was destroyed while it was in use", "40000"));
        }
        host.close();
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        events.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        events.remove(listener);
    }

    /** @throws NotSupportedException where the server has no XA: what would be done in a branch is committed at once there */
    @Override
    public XAResource getXAResource() throws NotSupportedException {
        String reason = host.physical().session().withoutXa();
        if (!reason.isEmpty()) {
            throw new NotSupportedException(reason);
        }
        enlistment.expect();
        return xaResource;
    }

    @Override
    public LocalTransaction getLocalTransaction() {
        enlistment.expect();
        return localTransaction;
    }

    @Override
    public ManagedConnectionMetaData getMetaData() throws ResourceException {
        try {
            PhysicalConnection connection = host.physical();
            return connection.<ConnectionMetaData, SQLException>bounded(
                    host.controlTimeout(),
                    () -> ConnectionMetaData.of(connection.connection().getMetaData()));
        } catch (SQLException e) {
            throw new ResourceException("The driver does not describe its connection: " + e.getMessage(), e);
        }
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        logWriter = out;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }
}

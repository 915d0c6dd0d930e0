// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.CommitGuard;
import dev.reprise.jdbc.ConnectionHandle;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionDefinition;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.security.auth.Subject;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes managed connections from one configuration. That is checked when the connection factory is made, since the
 * message reaches the administrator then.
 */
@ConnectionDefinition(
        connectionFactory = DataSource.class,
        connectionFactoryImpl = RepriseDataSource.class,
        connection = Connection.class,
        connectionImpl = ConnectionHandle.class)
public class RepriseManagedConnectionFactory extends Configuration
        implements ManagedConnectionFactory, ValidatingManagedConnectionFactory, ResourceAdapterAssociation {

    private static final long serialVersionUID = 1L;

    private transient @Nullable ResourceAdapter resourceAdapter;
    private transient @Nullable PrintWriter logWriter;
    private transient @Nullable PhysicalConnections connections;
    private transient @Nullable Enlistment enlistment;

    /** @throws ResourceException naming every property that is wrong, its value and what is allowed */
    @Override
    public DataSource createConnectionFactory(ConnectionManager manager) throws ResourceException {
        Settings settings = connections().settings();
        LOG.activated(
                settings.database().name(),
                settings.xaDataSourceClass(),
                settings.connectTimeout().toMillis(),
                settings.freshness().timeout().toMillis());
        if (!settings.freshness().onMatch()) {
            LOG.notValidated();
        }
        if (settings.guarding().guard() == CommitGuard.NONE) {
            LOG.notGuarded();
        }
        if (!settings.primaryOnly()) {
            LOG.anyRole();
        }
        if (settings.database().isGeneric()) {
            LOG.genericDatabase(settings.xaDataSourceClass());
        }
        var dataSource = new RepriseDataSource(this, manager);
        enlistment().managedBy(manager, dataSource);
        return dataSource;
    }

    @Override
    public DataSource createConnectionFactory() throws ResourceException {
        return createConnectionFactory(new UnmanagedConnections());
    }

    @Override
    public ManagedConnection createManagedConnection(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        Credentials credentials = credentials(subject, request);
        try {
            return new RepriseManagedConnection(
                    new PhysicalHolder(connections(), credentials), this::credentials, enlistment());
        } catch (SQLException e) {
            throw new ResourceAllocationException("No connection to the database: " + e.getMessage() + where(), e);
        }
    }

    /** Drivers do not always say where they have tried it. */
    private String where() throws ResourceException {
        String where = connections().settings().where();
        return where.isEmpty() ? "" : " (at " + where + ")";
    }

    /**
     * A connection is checked here and not only when the container asks for it ({@link #getInvalidConnections}): this is
     * the one call that every container makes before it hands one out. One that fails is not matched, and the container
     * destroys it.
     */
    @Override
    public @Nullable ManagedConnection matchManagedConnections(
            @SuppressWarnings("rawtypes") Set candidates,
            @Nullable Subject subject,
            @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        Credentials credentials = credentials(subject, request);
        for (Object candidate : candidates) {
            if (candidate instanceof RepriseManagedConnection connection
                    && connection.host().credentials().equals(credentials)
                    && connection.host().admitted()) {
                return connection;
            }
        }
        return null;
    }

    @Override
    public Set<ManagedConnection> getInvalidConnections(@SuppressWarnings("rawtypes") Set candidates) {
        var invalid = new HashSet<ManagedConnection>();
        for (Object candidate : candidates) {
            if (candidate instanceof RepriseManagedConnection connection
                    && !connection.host().answers()) {
                invalid.add(connection);
            }
        }
        return invalid;
    }

    private Credentials credentials(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        return Credentials.of(subject, request, this, configured());
    }

    private Credentials configured() {
        return new Credentials(getUser().isEmpty() ? null : getUser(), getPassword());
    }

    private synchronized PhysicalConnections connections() throws ResourceException {
        if (connections == null) {
            connections =
                    new PhysicalConnections(Settings.of(written()), adapter().background());
        }
        return connections;
    }

    private synchronized Enlistment enlistment() {
        if (enlistment == null) {
            enlistment = new Enlistment(adapter()::transaction, adapter()::noReplay);
        }
        return enlistment;
    }

    private synchronized RepriseResourceAdapter adapter() {
        if (!(resourceAdapter instanceof RepriseResourceAdapter)) {
            resourceAdapter = new RepriseResourceAdapter();
        }
        return (RepriseResourceAdapter) resourceAdapter;
    }

    @Override
    public @Nullable ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    @Override
    public synchronized void setResourceAdapter(ResourceAdapter adapter) {
        resourceAdapter = adapter;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        logWriter = out;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public String toString() {
        return "RepriseManagedConnectionFactory[xaDataSourceClass=" + getXaDataSourceClass() + ", user=" + getUser()
                + "]";
    }
}

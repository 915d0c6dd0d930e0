// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.CommitGuard;
import dev.reprise.jdbc.ConnectionHandle;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConfigProperty;
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
 * Makes managed connections from one configuration. Setters take any text and never throw, since WildFly loses what they
 * say; all is checked together when the connection factory is made, and that message reaches the administrator.
 */
@ConnectionDefinition(
        connectionFactory = DataSource.class,
        connectionFactoryImpl = RepriseDataSource.class,
        connection = Connection.class,
        connectionImpl = ConnectionHandle.class)
public class RepriseManagedConnectionFactory
        implements ManagedConnectionFactory, ValidatingManagedConnectionFactory, ResourceAdapterAssociation {

    private static final long serialVersionUID = 1L;

    @ConfigProperty(description = "Class name of the driver's javax.sql.XADataSource")
    private String xaDataSourceClass = "org.mariadb.jdbc.MariaDbDataSource";

    @ConfigProperty(description = "JDBC URL of the database: one host, without a password")
    private String url = "";

    @ConfigProperty(description = "User, where the container does not sign on")
    private String user = "";

    @ConfigProperty(description = "Password of the user", confidential = true)
    private String password = "";

    @ConfigProperty(description = "Further properties of the driver: name=value;name=value")
    private String driverProperties = "";

    @ConfigProperty(description = "How long a new connection may take for each answer, in milliseconds")
    private String connectTimeoutMillis = "5000";

    @ConfigProperty(description = "How long a pooled connection may take to answer when it is matched, in milliseconds")
    private String validationTimeoutMillis = "2000";

    @ConfigProperty(description = "How long START, PREPARE, COMMIT and ROLLBACK may take to answer, in milliseconds")
    private String controlTimeoutMillis = "30000";

    @ConfigProperty(description = "Whether a pooled connection is checked before it is handed out: true or false")
    private String validateOnMatch = "true";

    @ConfigProperty(description = "A statement that each new connection runs first")
    private String newConnectionSql = "";

    @ConfigProperty(
            description =
                    "How the outcome of a commit is found out if its reply is lost: auto, ledger, two-phase, native"
                            + " (PostgreSQL) or none")
    private String commitGuard = "auto";

    @ConfigProperty(description = "For how long a commit may wait until its outcome is found out, in seconds")
    private String guardTimeoutSeconds = "30";

    @ConfigProperty(description = "Table of the ledger, with its schema if need be")
    private String ledgerTable = "reprise_slot";

    @ConfigProperty(
            description = "Names this server in the ledger: unique, and the same after a restart. Empty: from its host,"
                    + " name and folder")
    private String nodeName = "";

    @ConfigProperty(
            description = "Whether a database server is cut off for good before another takes its place: guaranteed or"
                    + " none")
    private String failoverFencing = "none";

    private transient @Nullable ResourceAdapter resourceAdapter;
    private transient @Nullable PrintWriter logWriter;
    private transient @Nullable PhysicalConnections connections;

    /** @throws ResourceException naming every property that is wrong, its value and what is allowed */
    @Override
    public DataSource createConnectionFactory(ConnectionManager manager) throws ResourceException {
        Settings settings = connections().settings();
        LOG.activated(
                settings.database().name(),
                settings.xaDataSourceClass(),
                settings.connectTimeout().toMillis(),
                settings.validationTimeout().toMillis());
        if (!settings.validateOnMatch()) {
            LOG.notValidated();
        }
        if (settings.guarding().guard() == CommitGuard.NONE) {
            LOG.notGuarded();
        }
        if (settings.database().isGeneric()) {
            LOG.genericDatabase(settings.xaDataSourceClass());
        }
        return new RepriseDataSource(this, manager);
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
                    new PhysicalHolder(connections(), credentials), this::credentials, adapter()::inTransaction);
        } catch (SQLException e) {
            throw new ResourceAllocationException("No connection to the database: " + e.getMessage(), e);
        }
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
        return Credentials.of(subject, request, this, new Credentials(user.isEmpty() ? null : user, password));
    }

    private synchronized PhysicalConnections connections() throws ResourceException {
        if (connections == null) {
            connections =
                    new PhysicalConnections(Settings.of(source()), adapter().background());
        }
        return connections;
    }

    private Settings.Source source() {
        return new Settings.Source(
                xaDataSourceClass,
                url,
                driverProperties,
                connectTimeoutMillis,
                validationTimeoutMillis,
                controlTimeoutMillis,
                validateOnMatch,
                newConnectionSql,
                new Guarding.Source(commitGuard, guardTimeoutSeconds, ledgerTable, nodeName, failoverFencing));
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

    public String getXaDataSourceClass() {
        return xaDataSourceClass;
    }

    public void setXaDataSourceClass(String xaDataSourceClass) {
        this.xaDataSourceClass = xaDataSourceClass;
    }

    public String getUrl() {
        return url;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    public String getUser() {
        return user;
    }

    public void setUser(String user) {
        this.user = user;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getDriverProperties() {
        return driverProperties;
    }

    public void setDriverProperties(String driverProperties) {
        this.driverProperties = driverProperties;
    }

    public String getConnectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    public void setConnectTimeoutMillis(String connectTimeoutMillis) {
        this.connectTimeoutMillis = connectTimeoutMillis;
    }

    public String getValidationTimeoutMillis() {
        return validationTimeoutMillis;
    }

    public void setValidationTimeoutMillis(String validationTimeoutMillis) {
        this.validationTimeoutMillis = validationTimeoutMillis;
    }

    public String getControlTimeoutMillis() {
        return controlTimeoutMillis;
    }

    public void setControlTimeoutMillis(String controlTimeoutMillis) {
        this.controlTimeoutMillis = controlTimeoutMillis;
    }

    public String getValidateOnMatch() {
        return validateOnMatch;
    }

    public void setValidateOnMatch(String validateOnMatch) {
        this.validateOnMatch = validateOnMatch;
    }

    public String getNewConnectionSql() {
        return newConnectionSql;
    }

    public void setNewConnectionSql(String newConnectionSql) {
        this.newConnectionSql = newConnectionSql;
    }

    public String getCommitGuard() {
        return commitGuard;
    }

    public void setCommitGuard(String commitGuard) {
        this.commitGuard = commitGuard;
    }

    public String getGuardTimeoutSeconds() {
        return guardTimeoutSeconds;
    }

    public void setGuardTimeoutSeconds(String guardTimeoutSeconds) {
        this.guardTimeoutSeconds = guardTimeoutSeconds;
    }

    public String getLedgerTable() {
        return ledgerTable;
    }

    public void setLedgerTable(String ledgerTable) {
        this.ledgerTable = ledgerTable;
    }

    public String getNodeName() {
        return nodeName;
    }

    public void setNodeName(String nodeName) {
        this.nodeName = nodeName;
    }

    public String getFailoverFencing() {
        return failoverFencing;
    }

    public void setFailoverFencing(String failoverFencing) {
        this.failoverFencing = failoverFencing;
    }

    /** Equal if configured alike (Connectors 2.1, 6.5.3.1); the password counts. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RepriseManagedConnectionFactory factory
                && source().equals(factory.source())
                && user.equals(factory.user)
                && password.equals(factory.password);
    }

    @Override
    public int hashCode() {
        return 31 * source().hashCode() + user.hashCode();
    }

    @Override
    public String toString() {
        return "RepriseManagedConnectionFactory[xaDataSourceClass=" + xaDataSourceClass + ", user=" + user + "]";
    }
}

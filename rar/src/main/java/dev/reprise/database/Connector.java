// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/** Opens sessions on the one server of a configuration. Thread-safe; no call waits for longer than the connect timeout a read. */
public final class Connector {

    private final Database database;
    private final XADataSource dataSource;
    private final Duration connectTimeout;

    /** @throws IllegalArgumentException naming the wrong class or property, and what is allowed */
    public Connector(
            Database database,
            String xaDataSourceClass,
            String url,
            Map<String, String> driverProperties,
            Duration connectTimeout) {
        this.database = database;
        this.connectTimeout = connectTimeout;
        this.dataSource = DriverDataSource.create(
                xaDataSourceClass,
                database.dataSourceProperties(url, driverProperties, connectTimeout, socketFactory(xaDataSourceClass)));
    }

    /** The driver loads the factory by its own loader: it cannot if the driver is a module of the server. */
    private static String socketFactory(String xaDataSourceClass) {
        String factory = OwnedSocketFactory.class.getName();
        try {
            var driver = Class.forName(xaDataSourceClass, false, Connector.class.getClassLoader())
                    .getClassLoader();
            return Class.forName(factory, false, driver) == OwnedSocketFactory.class ? factory : "";
        } catch (ClassNotFoundException | LinkageError e) {
            return "";
        }
    }

    public Database database() {
        return database;
    }

    /**
     * @param user null = as the data source itself is configured
     * @param generation stamped on the connection; taken by the caller before this is called
     * @throws SQLException also if the driver fails with a RuntimeException: whoever asks may be a transaction manager,
     *     which takes that for a commit
     */
    public PhysicalConnection open(@Nullable String user, @Nullable String password, int generation)
            throws SQLException {
        try {
            OwnedSocketFactory.take();
            XAConnection driverConnection =
                    user == null ? dataSource.getXAConnection() : dataSource.getXAConnection(user, password);
            return open(driverConnection, OwnedSocketFactory.take(), generation);
        } catch (RuntimeException e) {
            throw new SQLException("The driver failed: " + e, "08001", e);
        }
    }

    private PhysicalConnection open(XAConnection driverConnection, Optional<Socket> socket, int generation)
            throws SQLException {
        try {
            Connection connection = driverConnection.getConnection();
            int networkTimeout = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int) connectTimeout.toMillis());
            Session session = database.open(connection, "reprise/" + UUID.randomUUID());
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
            return new PhysicalConnection(database, driverConnection, connection, session, generation, socket);
        } catch (SQLException | RuntimeException e) {
            abandon(driverConnection, e);
            throw e;
        }
    }

    private static void abandon(XAConnection driverConnection, Exception reason) {
        try {
            driverConnection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }
}

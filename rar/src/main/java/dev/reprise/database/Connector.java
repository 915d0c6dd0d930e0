// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/** Opens sessions on the one server of a configuration. Thread-safe; no call waits for longer than the connect timeout a read. */
public final class Connector {

    /** As many as a slow server may take the whole connect timeout for. */
    private static final int ANSWERS = 3;

    private final Database database;
    private final XADataSource dataSource;
    private final OwnedSockets sockets;
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
        this.sockets = database.isGeneric() ? OwnedSockets.none() : OwnedSockets.of(xaDataSourceClass);
        this.dataSource = DriverDataSource.create(
                xaDataSourceClass,
                database.dataSourceProperties(url, driverProperties, connectTimeout, sockets.factory()));
        if (database.hosts(dataSource) > 1) {
            throw new IllegalArgumentException("driverProperties: several hosts are the driver's own fail-over;"
                    + " allowed is one host, and failoverUrls for others");
        }
    }

    /** What the driver's class and its data source say of this configuration; without the URL if that is refused. */
    public static String problems(
            Database database, String xaDataSourceClass, String url, Map<String, String> driverProperties) {
        try {
            var properties = new LinkedHashMap<>(
                    database.dataSourceProperties(url, driverProperties, Duration.ofSeconds(1), ""));
            if (!database.refusals(url, driverProperties).isEmpty()) {
                properties.remove("url");
            }
            DriverDataSource.create(xaDataSourceClass, properties);
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
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
            return sockets.during(connectTimeout.multipliedBy(ANSWERS), socket -> {
                XAConnection driverConnection =
                        user == null ? dataSource.getXAConnection() : dataSource.getXAConnection(user, password);
                return open(driverConnection, socket.get(), generation);
            });
        } catch (RuntimeException e) {
            throw new SQLException("The driver failed: " + e, "08001", e);
        }
    }

    private PhysicalConnection open(XAConnection driverConnection, Optional<OwnedSocket> socket, int generation)
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

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.spi.ManagedConnectionMetaData;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

/** What a container may show of a connection. */
record ConnectionMetaData(String productName, String productVersion, int maxConnections, String userName)
        implements ManagedConnectionMetaData {

    static ConnectionMetaData of(DatabaseMetaData driver) throws SQLException {
        return new ConnectionMetaData(
                driver.getDatabaseProductName(),
                driver.getDatabaseProductVersion(),
                driver.getMaxConnections(),
                driver.getUserName());
    }

    @Override
    public String getEISProductName() {
        return productName;
    }

    @Override
    public String getEISProductVersion() {
        return productVersion;
    }

    @Override
    public int getMaxConnections() {
        return maxConnections;
    }

    @Override
    public String getUserName() {
        return userName;
    }
}

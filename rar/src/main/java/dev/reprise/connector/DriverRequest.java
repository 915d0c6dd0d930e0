// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a driver that cares where the work of one application on a connection begins and ends (JDBC 4.3,
 * {@link java.sql.Connection#beginRequest}). One thread at a time.
 */
final class DriverRequest {

    private @Nullable PhysicalConnection begun;

    void begin(PhysicalConnection connection) throws SQLException {
        if (!connection.equals(begun)) {
            connection.connection().beginRequest();
            begun = connection;
        }
    }

    void end(PhysicalConnection connection) throws SQLException {
        if (connection.equals(begun)) {
            begun = null;
            connection.connection().endRequest();
        }
    }
}

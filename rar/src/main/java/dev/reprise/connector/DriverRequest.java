// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a driver that cares where the work of one application on a connection begins and ends (JDBC 4.3,
 * {@link Connection#beginRequest}). One thread at a time.
 */
final class DriverRequest {

    private @Nullable Connection begun;

    void begin(Connection connection) throws SQLException {
        if (connection != begun) {
            connection.beginRequest();
            begun = connection;
        }
    }

    void end(Connection connection) throws SQLException {
        if (connection == begun) {
            begun = null;
            connection.endRequest();
        }
    }
}

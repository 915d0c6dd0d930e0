// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.FaultTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A database that nothing is known of but JDBC and XA. Weaker than the known ones: a lost session can be neither ended
 * nor shown to be gone, and the server's restart is only seen by its dead connections.
 */
final class Generic implements Database {

    @Override
    public String name() {
        return "generic";
    }

    @Override
    public boolean isGeneric() {
        return true;
    }

    @Override
    public List<CommitGuard> guards() {
        return List.of(CommitGuard.NONE, CommitGuard.TWO_PHASE);
    }

    @Override
    public FaultTable faults() {
        return FaultTable.STANDARD;
    }

    @Override
    public List<String> refusals(String url, Map<String, String> driverProperties) {
        return driverProperties.keySet().stream().anyMatch("password"::equalsIgnoreCase)
                ? List.of("password: must not stand in driverProperties; set the property password, or let the"
                        + " container sign on")
                : List.of();
    }

    @Override
    public Map<String, String> dataSourceProperties(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory) {
        var properties = new LinkedHashMap<String, String>();
        if (!url.isEmpty()) {
            properties.put("url", url);
        }
        properties.put("loginTimeout", String.valueOf(Math.max(1, connectTimeout.toSeconds())));
        properties.putAll(driverProperties);
        return properties;
    }

    @Override
    public Session open(Connection connection, String mark) {
        return Session.ANONYMOUS;
    }

    @Override
    public boolean ping(Connection connection, Duration timeout) throws SQLException {
        if (!connection.isValid((int) Math.max(1, timeout.toSeconds()))) {
            throw new SQLTimeoutException(
                    "The connection did not answer within " + timeout.toMillis() + " ms", "08006");
        }
        return false;
    }

    @Override
    public boolean fence(Connection control, Session controlSession, Session victim, Duration timeout) {
        return false;
    }

    @Override
    public boolean becameReadOnly(SQLException e) {
        return false;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.FaultTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A MariaDB whose sessions cannot be asked. */
final class RefusingDatabase implements Database {

    private final MariaDb mariaDb = new MariaDb();

    @Override
    public String name() {
        return "refusing";
    }

    @Override
    public List<CommitGuard> guards() {
        return mariaDb.guards();
    }

    @Override
    public FaultTable faults() {
        return mariaDb.faults();
    }

    @Override
    public List<String> refusals(String url, Map<String, String> driverProperties) {
        return List.of();
    }

    @Override
    public Map<String, String> dataSourceProperties(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory) {
        return mariaDb.dataSourceProperties(url, driverProperties, connectTimeout, socketFactory);
    }

    @Override
    public Session open(Connection connection, String mark) throws SQLException {
        throw new SQLException("refused", "42000");
    }

    @Override
    public boolean ping(Connection connection, Duration timeout) throws SQLException {
        return mariaDb.ping(connection, timeout);
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

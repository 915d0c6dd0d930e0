// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** MariaDB 11.4. */
public interface MariaDb extends DatabaseServer {

    /**
     * Embedded binaries; with {@code -Dreprise.database=container} a container, where there is an engine with the image
     * {@code mariadb:11.4}. Where there is none, embedded all the same, and a line on {@code System.out} says so. A server
     * that needs files of this machine is embedded.
     *
     * @throws IllegalArgumentException if the property is neither {@code embedded} nor {@code container}
     * @throws IllegalStateException if it does not start, with the end of its log
     */
    static MariaDb start(MariaDbOptions options) {
        String kind = System.getProperty("reprise.database", "embedded");
        if (!List.of("embedded", "container").contains(kind)) {
            throw new IllegalArgumentException("reprise.database=" + kind + ": allowed are embedded and container");
        }
        if (kind.equals("container") && !options.namesLocalFiles()) {
            if (ContainerMariaDb.isAvailable()) {
                return new ContainerMariaDb(options);
            }
            System.out.println("reprise.database=container: no container engine with the image "
                    + ContainerMariaDb.IMAGE + " answers here, so the embedded MariaDB is used");
        }
        return new EmbeddedMariaDb(options);
    }

    @Override
    default String rootUser() {
        return "root";
    }

    /** Connector/J 4 would insist on TLS. */
    @Override
    default String jdbcUrl(String host, int port) {
        return "jdbc:mariadb://" + host + ":" + port + "/" + database() + "?sslMode=disable";
    }

    @Override
    default String patience(Duration limit) {
        return "&connectTimeout=5000&socketTimeout=" + limit.toMillis();
    }

    @Override
    default int killConnections(String name) throws SQLException {
        try (Connection connection = administrator();
                var sessions = connection.prepareStatement(
                        "select id from information_schema.processlist where user = ? and id <> connection_id()")) {
            sessions.setString(1, name);
            var ids = new ArrayList<Long>();
            try (ResultSet row = sessions.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            int killed = 0;
            for (long id : ids) {
                killed += kill(connection, id) ? 1 : 0;
            }
            return killed;
        }
    }

    private static boolean kill(Connection connection, long id) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("kill " + id);
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == 1094) { // no such thread: it has ended by itself
                return false;
            }
            throw e;
        }
    }

    @Override
    default void rollBackPrepared(String xid) throws SQLException {
        try (Connection connection = administrator();
                var statement = connection.createStatement()) {
            statement.execute("xa rollback " + xid);
        }
    }

    /** Those that {@code XA RECOVER} lists, as XA statements take them, for instance {@code X'61',X'00ff',1}. */
    @Override
    default List<String> preparedXids() throws SQLException {
        try (Connection connection = administrator();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("xa recover format='SQL'")) {
            var xids = new ArrayList<String>();
            while (row.next()) {
                xids.add(row.getString("data"));
            }
            return xids;
        }
    }
}

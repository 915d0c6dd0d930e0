// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;

/** Sessions of the ordinary user on the shared MariaDB. */
final class Sessions {

    static final String DATA_SOURCE = "org.mariadb.jdbc.MariaDbDataSource";
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final MariaDb SERVER = TestDatabase.mariaDb();

    private Sessions() {}

    static Connector connector(String url, Map<String, String> driverProperties, Duration connectTimeout) {
        return new Connector(Database.of(DATA_SOURCE), DATA_SOURCE, url, driverProperties, connectTimeout);
    }

    static PhysicalConnection open(Connector connector) throws SQLException {
        return connector.open(SERVER.user(), SERVER.password(), 1);
    }

    static PhysicalConnection direct() throws SQLException {
        return open(connector(SERVER.jdbcUrl(), Map.of(), TIMEOUT));
    }

    static PhysicalConnection through(FaultProxy proxy) throws SQLException {
        return open(connector(SERVER.jdbcUrl(proxy.port()), Map.of(), TIMEOUT));
    }

    static void execute(PhysicalConnection connection, String sql) throws SQLException {
        try (var statement = connection.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    static boolean isOnServer(Session session) throws SQLException {
        return TestDatabase.number("select count(*) from information_schema.processlist where id = " + session.id())
                > 0;
    }

    /** Ends a session that a test has left; in the thread that asks. */
    static void close(PhysicalConnection connection) {
        Executor here = Runnable::run;
        connection.close(here);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Factories for the ordinary user of the shared MariaDB, and what a container does with them. */
final class Factories {

    private static final MariaDb SERVER = TestDatabase.mariaDb();

    private Factories() {}

    static RepriseManagedConnectionFactory direct() {
        return at(SERVER.jdbcUrl());
    }

    static RepriseManagedConnectionFactory through(FaultProxy proxy) {
        return at(SERVER.jdbcUrl(proxy.port()));
    }

    private static RepriseManagedConnectionFactory at(String url) {
        var factory = new RepriseManagedConnectionFactory();
        factory.setUrl(url);
        factory.setUser(SERVER.user());
        factory.setPassword(SERVER.password());
        factory.setConnectTimeoutMillis("3000");
        factory.setValidationTimeoutMillis("300");
        factory.setControlTimeoutMillis("3000");
        factory.setReplay("off"); // what is lost shall be seen
        return factory;
    }

    static RepriseManagedConnection create(RepriseManagedConnectionFactory factory) throws ResourceException {
        return (RepriseManagedConnection) factory.createManagedConnection(null, null);
    }

    static List<RepriseManagedConnection> create(RepriseManagedConnectionFactory factory, int count)
            throws ResourceException {
        var pool = new RepriseManagedConnection[count];
        for (int i = 0; i < count; i++) {
            pool[i] = create(factory);
        }
        return List.of(pool);
    }

    static @Nullable ManagedConnection match(
            RepriseManagedConnectionFactory factory, RepriseManagedConnection... candidates) throws ResourceException {
        return factory.matchManagedConnections(Set.of(candidates), null, null);
    }

    static long session(RepriseManagedConnection connection) {
        return connection.host().physical().session().id();
    }

    static boolean isOnServer(long session) throws SQLException {
        return TestDatabase.number("select count(*) from information_schema.processlist where id = " + session) > 0;
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    static void destroy(Iterable<RepriseManagedConnection> pool) {
        pool.forEach(RepriseManagedConnection::destroy);
    }
}

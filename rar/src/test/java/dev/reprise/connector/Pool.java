// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import jakarta.resource.ResourceException;
import java.sql.Connection;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One managed connection to each kind of database, which one application after the other uses. */
final class Pool implements AutoCloseable {

    enum Kind {
        H2,
        MARIADB,
        POSTGRESQL
    }

    /** What an application does. */
    @FunctionalInterface
    interface Use<T extends @Nullable Object> {
        T of(Connection connection) throws Exception;
    }

    private final RepriseManagedConnectionFactory factory = new RepriseManagedConnectionFactory();
    private final @Nullable FaultProxy proxy;
    private @Nullable RepriseManagedConnection managed;
    private long cost;

    Pool(Kind kind) {
        if (kind == Kind.H2) {
            proxy = null;
            factory.setXaDataSourceClass("org.h2.jdbcx.JdbcDataSource");
            factory.setUrl("jdbc:h2:mem:pool");
            return;
        }
        DatabaseServer server = kind == Kind.MARIADB ? TestDatabase.mariaDb() : TestDatabase.postgreSql();
        proxy = FaultProxy.of(server);
        factory.setXaDataSourceClass(
                kind == Kind.MARIADB ? "org.mariadb.jdbc.MariaDbDataSource" : "org.postgresql.xa.PGXADataSource");
        factory.setUrl(server.jdbcUrl(proxy.port()));
        factory.setUser(server.user());
        factory.setPassword(server.password());
    }

    RepriseManagedConnectionFactory factory() {
        return factory;
    }

    RepriseManagedConnection managed() throws ResourceException {
        if (managed == null) {
            managed = Factories.create(factory);
        }
        return managed;
    }

    /** The connection is given out, used and returned. */
    <T extends @Nullable Object> T use(Use<T> use) throws Exception {
        T result = use.of(managed().getConnection(null, null));
        long before = requests();
        managed().cleanup();
        cost = requests() - before;
        return result;
    }

    /** How many requests the last return has cost. */
    long costOfReturn() {
        return cost;
    }

    /** How many requests there were; zero where there is no wire. */
    long requests() {
        return proxy == null ? 0 : proxy.requests();
    }

    void latency(Duration added) {
        Objects.requireNonNull(proxy).latency(added);
    }

    void cutAtNextRequest() {
        Objects.requireNonNull(proxy).cutAll();
    }

    @Override
    public void close() {
        if (managed != null) {
            managed.destroy();
        }
        if (proxy != null) {
            proxy.close();
        }
    }
}

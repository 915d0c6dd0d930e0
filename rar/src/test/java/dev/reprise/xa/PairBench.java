// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.TestDatabase;
import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.connector.RepriseResourceAdapter;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.DatabasePair;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.MariaDbPair;
import dev.reprise.testsupport.PostgreSqlOptions;
import dev.reprise.testsupport.PostgreSqlPair;
import jakarta.resource.ResourceException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The adapter with both servers of a pair: the one that is the primary first is reached through a proxy. */
final class PairBench implements AutoCloseable {

    private final Server server;
    private final DatabasePair pair;
    private final DatabaseServer first;
    private final DatabaseServer second;
    private final FaultProxy proxy;
    private final RepriseResourceAdapter adapter = new RepriseResourceAdapter();
    private final List<Pooled> opened = new ArrayList<>();

    PairBench(Server server) throws SQLException {
        this.server = server;
        this.pair = server == Server.MARIADB
                ? new MariaDbPair(MariaDbOptions.defaults())
                : new PostgreSqlPair(PostgreSqlOptions.defaults());
        this.first = pair.primary();
        this.second = pair.replica();
        this.proxy = FaultProxy.of(first);
        server.createTables(first);
        pair.awaitCaughtUp();
    }

    Server server() {
        return server;
    }

    DatabasePair pair() {
        return pair;
    }

    FaultProxy proxy() {
        return proxy;
    }

    RepriseManagedConnectionFactory factory(CommitGuard guard) {
        var factory = new RepriseManagedConnectionFactory();
        factory.setXaDataSourceClass(server.dataSource());
        factory.setUrl(first.jdbcUrl(proxy.port()));
        factory.setFailoverUrls(second.jdbcUrl());
        factory.setUser(first.user());
        factory.setPassword(first.password());
        factory.setCommitGuard(guard.text());
        factory.setLedgerTable("slots");
        factory.setConnectTimeoutMillis("3000");
        factory.setControlTimeoutMillis("10000");
        factory.setGuardTimeoutSeconds("3");
        factory.setReplay("off");
        factory.setResourceAdapter(adapter);
        return factory;
    }

    Pooled open(RepriseManagedConnectionFactory factory) throws ResourceException {
        var pooled = new Pooled(factory.createManagedConnection(null, null), server.sessionQuery());
        opened.add(pooled);
        return pooled;
    }

    /** As the pool does when nobody uses it any more. */
    Pooled idle(RepriseManagedConnectionFactory factory) throws ResourceException {
        Pooled pooled = open(factory);
        pooled.managed().cleanup();
        return pooled;
    }

    static boolean matches(RepriseManagedConnectionFactory factory, Pooled pooled) throws ResourceException {
        return factory.matchManagedConnections(Set.of(pooled.managed()), null, null) != null;
    }

    static boolean isStored(DatabaseServer where, String row) throws SQLException {
        return TestDatabase.number(where, "select count(*) from work where name = '" + row + "'") == 1;
    }

    @Override
    public void close() throws ResourceException {
        for (Pooled each : opened) {
            each.managed().destroy();
        }
        adapter.stop();
        proxy.close();
        pair.close();
    }
}

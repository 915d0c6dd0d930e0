// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.TestDatabase;
import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.connector.RepriseResourceAdapter;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The adapter on one side, a real database on the other, and a proxy that makes faults between them. The database is
 * shared by all tests of the JVM, so that each has names of its own; the rest is new for each test.
 */
public final class Bench implements AfterEachCallback {

    /** Within this time everything has happened that does not wait for a time-out. */
    public static final Duration SOON = Duration.ofSeconds(15);

    private static final int CONTROL_MILLIS = 15_000;
    private static final AtomicInteger NAMES = new AtomicInteger();

    private static final Set<Server> PREPARED = EnumSet.noneOf(Server.class);

    private final List<Pooled> opened = new ArrayList<>();
    private final Server server;
    private final FaultProxy proxy;
    private final RepriseResourceAdapter adapter = new RepriseResourceAdapter();

    /** With MariaDB. */
    public Bench() {
        this(Server.MARIADB);
    }

    public Bench(Server server) {
        this.server = server;
        this.proxy = server.proxy();
        prepare(server);
    }

    private static synchronized void prepare(Server server) {
        if (PREPARED.add(server)) {
            try {
                server.createTables();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public Server server() {
        return server;
    }

    /** Whatever the test was about, no branch and no session of it is left. */
    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        close();
    }

    /** Leaves nothing open or prepared; for a bench that no extension closes. */
    public void close() throws Exception {
        for (Pooled each : opened) {
            each.managed().destroy();
        }
        adapter.stop();
        proxy.close();
        Awaitility.await().atMost(SOON).ignoreExceptions().until(() -> {
            for (String xid : database().preparedXids()) {
                database().rollBackPrepared(xid);
            }
            return database().preparedXids().isEmpty();
        });
    }

    public DatabaseServer database() {
        return server.start();
    }

    public FaultProxy proxy() {
        return proxy;
    }

    public RepriseResourceAdapter adapter() {
        return adapter;
    }

    /** Of a row, or a transaction, that no other test has. */
    public static String name() {
        return "t" + NAMES.incrementAndGet() + "_"; // whatever a test appends, it is nobody else's
    }

    public Pooled open() throws ResourceException {
        return open(CONTROL_MILLIS);
    }

    /** @param controlMillis how long a call of the transaction manager may wait for an answer */
    public Pooled open(int controlMillis) throws ResourceException {
        return open(factory(controlMillis));
    }

    public Pooled open(int controlMillis, CommitGuard guard) throws ResourceException {
        RepriseManagedConnectionFactory factory = factory(controlMillis);
        factory.setCommitGuard(guard.text());
        return open(factory);
    }

    public Pooled open(RepriseManagedConnectionFactory factory) throws ResourceException {
        ManagedConnection managed = factory.createManagedConnection(null, null);
        var pooled = new Pooled(managed, server.sessionQuery());
        opened.add(pooled);
        return pooled;
    }

    public RepriseManagedConnectionFactory factory(int controlMillis) {
        var factory = new RepriseManagedConnectionFactory();
        factory.setXaDataSourceClass(server.dataSource());
        factory.setUrl(database().jdbcUrl(proxy.port()));
        factory.setUser(database().user());
        factory.setPassword(database().password());
        factory.setConnectTimeoutMillis("3000");
        factory.setControlTimeoutMillis(String.valueOf(controlMillis));
        factory.setGuardTimeoutSeconds("5");
        factory.setReplay("off"); // what is lost shall be seen
        factory.setResourceAdapter(adapter);
        return factory;
    }

    public void administer(String sql) throws SQLException {
        TestDatabase.execute(database(), sql);
    }

    public long query(String sql) throws SQLException {
        return TestDatabase.number(database(), sql);
    }

    /** Whether anybody sees the row. */
    public boolean isStored(String name) throws SQLException {
        return query("select count(*) from work where name = '" + name + "'") == 1;
    }

    /** Whether the server lists it as prepared. */
    public boolean isPrepared(BranchId xid) throws SQLException {
        return server.prepared(xid);
    }

    /** Whether the server still has the session. */
    public boolean lives(long session) throws SQLException {
        return server.lives(session);
    }

    /** Ends a session at the server, and returns when it is gone. */
    public void kill(long session) throws SQLException {
        server.kill(session);
        Awaitility.await().atMost(SOON).until(() -> !lives(session));
    }

    /** Another session can change the row, without waiting for anybody. */
    public void assertFree(String name) throws SQLException {
        try (Connection connection = database().administrator();
                Statement statement = connection.createStatement()) {
            statement.execute(server.impatient());
            assertThat(statement.executeUpdate("update work set n = n + 100 where name = '" + name + "'"))
                    .isEqualTo(1);
        }
    }
}

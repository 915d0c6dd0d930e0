// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultsServer;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * What all tests share: one MariaDB, one PostgreSQL, one WildFly with the adapter deployed as users deploy it, and a fault
 * proxy on each {@link Link} between them. Started before the first test and ended after the last one.
 */
public final class Stage implements LauncherSessionListener {

    /** WildFly's: which of IronJacamar's pools it uses. */
    static final String POOL = "ironjacamar.mcp";

    private static volatile @Nullable Stage current;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<Dialect, DatabaseServer> databases = new EnumMap<>(Dialect.class);
    private @Nullable WildFly server;

    /** The server that Arquillian deploys to; for tests that do not run inside it. */
    static WildFly wildFly() {
        WildFly server = stage().server;
        if (server == null) {
            throw new IllegalStateException("The stage is not set");
        }
        return server;
    }

    static Map<Dialect, DatabaseServer> databases() {
        return stage().databases;
    }

    static MariaDb mariaDb() {
        return (MariaDb) databases().get(Dialect.MARIADB);
    }

    static PostgreSql postgreSql() {
        return (PostgreSql) databases().get(Dialect.POSTGRESQL);
    }

    private static Stage stage() {
        Stage stage = current;
        if (stage == null) {
            throw new IllegalStateException("The stage is not set");
        }
        return stage;
    }

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        current = this;
        try {
            open();
        } catch (IOException | RuntimeException e) {
            close();
            throw new IllegalStateException("The stage could not be set", e);
        }
    }

    @Override
    public void launcherSessionClosed(LauncherSession session) {
        close();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    private void open() throws IOException {
        var postgreSql = CompletableFuture.supplyAsync(() -> PostgreSql.start(PostgreSqlOptions.defaults()));
        databases.put(Dialect.MARIADB, keep(MariaDb.start(MariaDbOptions.defaults())));
        databases.put(Dialect.POSTGRESQL, keep(postgreSql.join()));
        databases.values().forEach(Stage::prepare);
        var dataSources = keep(new DataSources(databases));
        WildFlyOptions options = options(databases).withModules(modules());
        String pool = System.getProperty(POOL, "");
        if (!pool.isEmpty()) {
            options = options.withProperty(POOL, pool);
        }
        for (Link link : Link.values()) {
            var faults = keep(new FaultsServer(dataSources.database(link), dataSources.proxy(link)));
            options = options.withProperty(link.property(), String.valueOf(faults.port()));
            System.setProperty(link.property(), String.valueOf(faults.port()));
        }
        WildFly wildFly = keep(new WildFly(options));
        server = wildFly;
        keep(() -> keepLog(wildFly, "wildfly.log"));
        Files.copy(deployment("mariadb-java-client.jar"), wildFly.base().resolve("deployments/mariadb.jar"));
        Files.copy(deployment("postgresql.jar"), wildFly.base().resolve("deployments/postgresql.jar"));
        wildFly.start();
        System.setProperty("reprise.wildfly.management.port", String.valueOf(wildFly.managementPort()));
        dataSources.configureAll(wildFly);
        deployAdapter(wildFly);
    }

    /** The tables of the tests and the user of the recovery. */
    static void prepare(DatabaseServer database) {
        Recoverer.addTo(database);
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table row_of_test (id int primary key, source varchar(20) not null)");
            statement.execute("create table numbered_row (id serial primary key, source varchar(20) not null)");
        } catch (SQLException e) {
            throw new IllegalStateException("No tables for the tests", e);
        }
    }

    /** What Agroal has its drivers from. */
    public static Path modules() {
        Path modules = Path.of(System.getProperty("reprise.modules", "target/modules"));
        DriverModule.add(modules, "driver.mariadb", deployment("mariadb-java-client.jar"));
        DriverModule.add(modules, "driver.postgresql", deployment("postgresql.jar"));
        return modules;
    }

    static WildFlyOptions options(Map<Dialect, DatabaseServer> databases) {
        String password = databases.get(Dialect.MARIADB).password();
        return WildFlyOptions.defaults()
                .withQuickRecovery()
                .withEnvironment("REPRISE_PASSWORD", password)
                .withEnvironment("WILDFLY_PASSWORD", password)
                .withEnvironment("RECOVERER_PASSWORD", Recoverer.PASSWORD);
    }

    /** Both flavours. */
    static void deployAdapter(WildFly server) {
        server.cli(
                "deploy " + deployment("reprise.rar").toAbsolutePath(),
                "deploy " + deployment("reprise-postgresql.rar").toAbsolutePath());
    }

    public static Path deployment(String name) {
        return Path.of(System.getProperty("reprise.deployments", "target/deployments"), name);
    }

    public static void keepLog(WildFly server, String name) {
        try {
            Path logs = Files.createDirectories(Path.of(System.getProperty("reprise.logs", "target/logs")));
            Files.copy(server.logFile(), logs.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The server's log could not be kept", e);
        }
    }

    /** All is tried, whatever fails on the way. */
    private void close() {
        var failure = new IllegalStateException("Not everything could be ended");
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) { // close() may throw anything
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}

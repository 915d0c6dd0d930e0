// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.FaultsServer;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
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
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * What all tests share: one MariaDB, one WildFly with the adapter deployed as users deploy it, and a fault proxy on each
 * {@link Link} between them. Started before the first test and ended after the last one.
 */
public final class Stage implements LauncherSessionListener {

    static final String RECOVERER = "recoverer";
    private static final String RECOVERER_PASSWORD = "recoverer-secret";

    private static volatile @Nullable Stage current;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable MariaDb database;
    private @Nullable WildFly server;

    /** The server that Arquillian deploys to; for tests that do not run inside it. */
    static WildFly wildFly() {
        Stage stage = current;
        if (stage == null || stage.server == null) {
            throw new IllegalStateException("The stage is not set");
        }
        return stage.server;
    }

    static MariaDb database() {
        Stage stage = current;
        if (stage == null || stage.database == null) {
            throw new IllegalStateException("The stage is not set");
        }
        return stage.database;
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
        MariaDb mariaDb = keep(MariaDb.start(MariaDbOptions.defaults()));
        database = mariaDb;
        addRecoverer(mariaDb);
        var options = options(mariaDb);
        Map<String, String> properties = new HashMap<>();
        for (Link link : Link.values()) {
            FaultProxy proxy = keep(FaultProxy.of(mariaDb));
            FaultsServer faults = keep(new FaultsServer(mariaDb, proxy));
            options = options.withProperty(link.property(), String.valueOf(faults.port()));
            System.setProperty(link.property(), String.valueOf(faults.port()));
            properties.putAll(properties(link, mariaDb, proxy));
        }
        WildFly wildFly = keep(new WildFly(options));
        server = wildFly;
        keep(() -> keepLog(wildFly, "wildfly.log"));
        Files.copy(deployment("mariadb-java-client.jar"), wildFly.base().resolve("deployments/mariadb.jar"));
        wildFly.start();
        System.setProperty("reprise.wildfly.management.port", String.valueOf(wildFly.managementPort()));
        configure(wildFly, properties);
        wildFly.cliScript(script("wildfly-xa-datasource.cli"), properties);
        wildFly.deploy(deployment("reprise.rar"));
    }

    /** Whom {@link Link#SECOND} recovers as. */
    private static void addRecoverer(MariaDb mariaDb) {
        try (Connection connection = mariaDb.administrator();
                Statement statement = connection.createStatement()) {
            statement.execute("create user " + RECOVERER + " identified by '" + RECOVERER_PASSWORD + '\'');
            statement.execute("grant usage on *.* to " + RECOVERER);
            statement.execute("grant select on " + mariaDb.database() + ".* to " + RECOVERER);
        } catch (SQLException e) {
            throw new IllegalStateException("No user for the recovery", e);
        }
    }

    static WildFlyOptions options(MariaDb database) {
        return WildFlyOptions.defaults()
                .withQuickRecovery()
                .withEnvironment("REPRISE_PASSWORD", database.password())
                .withEnvironment("WILDFLY_PASSWORD", database.password())
                .withEnvironment("RECOVERER_PASSWORD", RECOVERER_PASSWORD);
    }

    /** What the scripts ask for. */
    static Map<String, String> properties(Link link, MariaDb database, FaultProxy proxy) {
        return Map.of(
                link.id() + ".url",
                database.jdbcUrl(proxy.port()),
                link.id() + ".user",
                database.user(),
                link.id() + ".min-pool-size",
                "0",
                link.id() + ".max-pool-size",
                "20");
    }

    /** The adapter's data sources: that of the users' script, and more for the tests. */
    static void configure(WildFly server, Map<String, String> properties) {
        var all = new HashMap<>(properties);
        all.put("second.recoverer", RECOVERER);
        server.cliScript(script("reprise.cli"), all);
        server.cliScript(Path.of("src/test/resources/more-data-sources.cli"), all);
    }

    public static Path deployment(String name) {
        return Path.of(System.getProperty("reprise.deployments", "target/deployments"), name);
    }

    /** As users run it. */
    public static Path script(String name) {
        return Path.of(System.getProperty("reprise.scripts", "../docs"), name);
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

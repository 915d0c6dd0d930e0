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
        var options = WildFlyOptions.defaults()
                .withQuickRecovery()
                .withEnvironment("REPRISE_PASSWORD", mariaDb.password())
                .withEnvironment("WILDFLY_PASSWORD", mariaDb.password());
        Map<String, String> properties = new HashMap<>();
        for (Link link : Link.values()) {
            FaultProxy proxy = keep(FaultProxy.of(mariaDb));
            FaultsServer faults = keep(new FaultsServer(mariaDb, proxy));
            options = options.withProperty(link.property(), String.valueOf(faults.port()));
            System.setProperty(link.property(), String.valueOf(faults.port())); // for tests outside of the server
            properties.put(link.id() + ".url", mariaDb.jdbcUrl(proxy.port()));
            properties.put(link.id() + ".user", mariaDb.user());
            properties.put(link.id() + ".min-pool-size", "0");
            properties.put(link.id() + ".max-pool-size", "20");
        }
        WildFly wildFly = keep(new WildFly(options));
        server = wildFly;
        keep(() -> keepLog(wildFly));
        Files.copy(deployment("mariadb-java-client.jar"), wildFly.base().resolve("deployments/mariadb.jar"));
        wildFly.start();
        System.setProperty("reprise.wildfly.management.port", String.valueOf(wildFly.managementPort()));
        wildFly.cliScript(script("reprise.cli"), properties);
        wildFly.cliScript(script("wildfly-xa-datasource.cli"), properties);
        wildFly.cliScript(Path.of("src/test/resources/more-data-sources.cli"), properties);
        wildFly.deploy(deployment("reprise.rar"));
    }

    static Path deployment(String name) {
        return Path.of(System.getProperty("reprise.deployments", "target/deployments"), name);
    }

    /** As users run it. */
    static Path script(String name) {
        return Path.of(System.getProperty("reprise.scripts", "../docs"), name);
    }

    private static void keepLog(WildFly server) {
        try {
            Path logs = Files.createDirectories(Path.of(System.getProperty("reprise.logs", "target/logs")));
            Files.copy(server.logFile(), logs.resolve("wildfly.log"), StandardCopyOption.REPLACE_EXISTING);
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

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.Opened;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Two databases, and a WildFly with the bank on both of them. Closing it ends and removes everything. */
final class Stage implements AutoCloseable {

    /** How long a transaction may be stuck in a stalled statement. */
    private static final String SHORT_TRANSACTIONS =
            "/subsystem=transactions:write-attribute(name=default-timeout,value=15)";

    /** How long a call of the adapter may be without an answer. */
    private static final String SHORT_CALLS = "2000";

    /** The faults make the server log megabytes in a minute. What the adapter says is kept apart. */
    private static final List<String> LOGS = List.of(
            "/subsystem=logging/size-rotating-file-handler=SOAK:add(file={path=soak.log,relative-to=jboss.server.log.dir},"
                    + "rotate-size=20m,max-backup-index=9,append=true,named-formatter=PATTERN)",
            "/subsystem=logging/file-handler=REPRISE:add(file={path=reprise.log,relative-to=jboss.server.log.dir},"
                    + "append=true,named-formatter=PATTERN)",
            "/subsystem=logging/logger=dev.reprise:add(level=INFO,handlers=[REPRISE])",
            "/subsystem=logging/logger=dev.reprise.retry:add(level=DEBUG)", // why each attempt was rolled back
            "/subsystem=logging/root-logger=ROOT:add-handler(name=SOAK)",
            "/subsystem=logging/root-logger=ROOT:remove-handler(name=FILE)",
            "/subsystem=logging/root-logger=ROOT:remove-handler(name=CONSOLE)");

    private final Opened opened = new Opened();
    private final Map<Dialect, Site> sites = new EnumMap<>(Dialect.class);
    private final WildFly server;
    private final Runnable beforeRestart;
    private volatile boolean open;

    /**
     * @param replay for both databases
     * @param beforeRestart what the server would forget is to be asked for
     */
    Stage(Replay replay, Runnable beforeRestart) throws IOException {
        this.beforeRestart = beforeRestart;
        try {
            var options = MariaDbOptions.defaults();
            MariaDb mariaDb =
                    opened.keep(MariaDb.start(Boolean.getBoolean("soak.binlog") ? options.withBinlog() : options));
            PostgreSql postgreSql = opened.keep(PostgreSql.start(PostgreSqlOptions.defaults()));
            add("reprise", Dialect.MARIADB, mariaDb, FaultProxy.of(mariaDb));
            add("second", Dialect.POSTGRESQL, postgreSql, FaultProxy.of(postgreSql));
            server = opened.keep(new WildFly(WildFlyOptions.defaults()
                    .withNodeId("soak")
                    .withQuickRecovery()
                    .withProperty("com.arjuna.ats.jta.orphanSafetyInterval", "5000")
                    .withEnvironment("REPRISE_PASSWORD", mariaDb.password())));
            opened.keep(this::keepLogs);
            deploy(replay);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void add(String adapter, Dialect dialect, DatabaseServer database, FaultProxy link) {
        sites.put(dialect, new Site(adapter, dialect, database, opened.keep(link)));
    }

    private void deploy(Replay replay) throws IOException {
        var script = Path.of(System.getProperty("reprise.scripts"), "reprise.cli");
        server.cliScript(script, site(Dialect.MARIADB).properties());
        var second = new HashMap<>(site(Dialect.POSTGRESQL).properties());
        second.put("reprise.name", "second");
        second.put("reprise.jndi-name", "java:/jdbc/Second");
        second.put("reprise.archive", "reprise-postgresql.rar");
        second.put("reprise.driver", "org.postgresql.xa.PGXADataSource");
        server.cliScript(script, second);
        server.cli(settings(replay).toArray(String[]::new));
        server.cli(LOGS.toArray(String[]::new));
        Path deployments = server.base().resolve("deployments");
        for (String archive : List.of("reprise.rar", "reprise-postgresql.rar")) {
            Files.copy(Path.of(System.getProperty("reprise.deployments"), archive), deployments.resolve(archive));
        }
        server.start();
        server.deploy(Path.of(System.getProperty("reprise.bank")));
        open = true;
    }

    private List<String> settings(Replay replay) {
        var commands = new ArrayList<>(List.of(SHORT_TRANSACTIONS));
        for (Site site : sites.values()) {
            commands.add(site.property("controlTimeoutMillis", SHORT_CALLS));
            replay.value().ifPresent(value -> commands.add(site.property("replay", value)));
        }
        return commands;
    }

    private void keepLogs() throws IOException {
        Path kept = Files.createDirectories(Path.of(System.getProperty("soak.logs", "target/soak-logs")));
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(server.base().resolve("log"), "*.log*")) {
            for (Path log : logs) {
                Files.copy(log, kept.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    Map<Dialect, Site> sites() {
        return sites;
    }

    Site site(Dialect dialect) {
        return Objects.requireNonNull(sites.get(dialect));
    }

    URI page() {
        return URI.create("http://127.0.0.1:" + server.httpPort() + "/bank/");
    }

    WildFly server() {
        return server;
    }

    /** Whether clients may come. */
    boolean isOpen() {
        return open;
    }

    void restart(boolean kill) {
        beforeRestart.run();
        open = false; // whoever is under way dies with it
        if (kill) {
            server.kill();
        } else {
            server.stop();
        }
        server.start();
        open = true;
    }

    @Override
    public void close() {
        opened.close();
    }
}

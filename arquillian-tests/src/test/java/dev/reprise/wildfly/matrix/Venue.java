// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.retry.RetryTransaction;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import dev.reprise.wildfly.RequiredBean;
import dev.reprise.wildfly.Stage;
import dev.reprise.wildfly.Told;
import dev.reprise.wildfly.Work;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Where the matrix takes place: database servers and a WildFly of its own, since it kills the former, fills the log of
 * the latter's transaction manager, and says when that recovers. Each data source has a proxy of its own.
 */
final class Venue implements AutoCloseable {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<Database, Administrator> administrators = new EnumMap<>(Database.class);
    private final Map<Resource, FaultProxy> proxies = new HashMap<>();
    private final WildFly server;

    Venue() throws IOException, SQLException {
        try {
            MariaDb mariaDb = keep(MariaDb.start(options()));
            administrators.put(Database.MARIADB, new MariaDbAdministrator(mariaDb));
            for (Administrator administrator : administrators.values()) {
                administrator.createTable(Resource.TABLE);
                administrator.createTable(Resource.OTHER_TABLE);
            }
            server = start(mariaDb);
        } catch (IOException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static MariaDbOptions options() {
        return Boolean.parseBoolean(System.getProperty("matrix.binlog", "true"))
                ? MariaDbOptions.defaults().withBinlog()
                : MariaDbOptions.defaults();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Recovery has a long period, so that it runs when it is told to. */
    private WildFly start(MariaDb mariaDb) throws IOException {
        WildFly wildFly = keep(new WildFly(WildFlyOptions.defaults()
                .withNodeId("matrix")
                .withProperty("com.arjuna.ats.arjuna.recovery.periodicRecoveryPeriod", "3600")
                .withProperty("com.arjuna.ats.arjuna.recovery.recoveryBackoffPeriod", "1")
                .withProperty("com.arjuna.ats.jta.orphanSafetyInterval", "500")
                .withEnvironment("REPRISE_PASSWORD", mariaDb.password())
                .withEnvironment("WILDFLY_PASSWORD", mariaDb.password())));
        keep(() -> Stage.keepLog(wildFly, "wildfly-matrix.log"));
        var dataSources = new DataSources();
        for (Database database : administrators.keySet()) {
            dataSources.add(Resource.other(database), mariaDb, open(Resource.other(database)));
            for (Subject subject : Subject.values()) {
                if (subject.isOurs()) {
                    Resource xa = Resource.of(database, false, subject);
                    Resource local = Resource.of(database, true, subject);
                    dataSources.add(xa, mariaDb, open(xa)).addLocal(local, mariaDb, open(local));
                }
            }
        }
        wildFly.cli(dataSources.commands());
        Path deployments = wildFly.base().resolve("deployments");
        Files.copy(Stage.deployment("reprise.rar"), deployments.resolve("reprise.rar"));
        Files.copy(Stage.deployment("mariadb-java-client.jar"), deployments.resolve("mariadb.jar"));
        application()
                .as(ZipExporter.class)
                .exportTo(deployments.resolve("matrix.war").toFile());
        wildFly.start();
        addPeers(wildFly, mariaDb);
        return wildFly;
    }

    private static WebArchive application() {
        return ShrinkWrap.create(WebArchive.class, "matrix.war")
                .addClasses(MatrixServlet.class, RequiredBean.class, Work.class, Told.class, Told.Outcome.class)
                .addAsLibraries(new File(RetryTransaction.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath()))
                .addAsManifestResource(new StringAsset("Dependencies: org.jboss.jts\n"), "MANIFEST.MF");
    }

    /** As users configure it. */
    private void addPeers(WildFly wildFly, MariaDb mariaDb) {
        Resource peer = Resource.of(Database.MARIADB, false, Subject.XA_DATASOURCE);
        wildFly.cliScript(
                Stage.script("wildfly-xa-datasource.cli"),
                Map.of(
                        "wildfly.url", mariaDb.jdbcUrl(open(peer)),
                        "wildfly.user", mariaDb.user(),
                        "wildfly.min-pool-size", "0",
                        "wildfly.max-pool-size", String.valueOf(DataSources.POOL_SIZE)));
    }

    private int open(Resource resource) {
        FaultProxy proxy = keep(FaultProxy.of(administrator(resource.database()).server()));
        proxies.put(resource, proxy);
        return proxy.port();
    }

    Administrator administrator(Database database) {
        return Objects.requireNonNull(administrators.get(database), "no " + database);
    }

    FaultProxy proxy(Resource resource) {
        return Objects.requireNonNull(proxies.get(resource), "no " + resource);
    }

    /** Of all that takes part. */
    List<String> versions() throws SQLException {
        var versions = new ArrayList<String>();
        for (Administrator administrator : administrators.values()) {
            versions.add(administrator.version());
        }
        versions.add("WildFly " + System.getProperty("wildfly.version", "?"));
        versions.add("MariaDB Connector/J " + System.getProperty("mariadb.version", "?"));
        versions.add("Java " + Runtime.version());
        return versions;
    }

    Caller caller() {
        return new Caller(server.httpPort());
    }

    /** All is well again on all links. */
    void heal() {
        proxies.values().forEach(FaultProxy::disarmAll);
    }

    /** Whoever still waits on a link does so no longer. */
    void resetAll() {
        proxies.values().forEach(FaultProxy::resetAll);
    }

    @Override
    public void close() {
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

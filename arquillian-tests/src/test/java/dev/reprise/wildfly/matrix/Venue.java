// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.retry.RetryTransaction;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import dev.reprise.wildfly.RequiredBean;
import dev.reprise.wildfly.Stage;
import dev.reprise.wildfly.Told;
import dev.reprise.wildfly.Work;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    private final Map<Resource, Link> links = new LinkedHashMap<>();
    private final Product product;
    private final WildFly server;

    Venue(Product product) throws IOException, SQLException {
        this.product = product;
        try {
            var postgreSql = CompletableFuture.supplyAsync(() -> PostgreSql.start(PostgreSqlOptions.defaults()));
            MariaDb mariaDb = keep(MariaDb.start(mariaDbOptions()));
            administrators.put(Database.MARIADB, new MariaDbAdministrator(mariaDb));
            administrators.put(Database.POSTGRESQL, new PostgreSqlAdministrator(keep(postgreSql.join())));
            for (Administrator administrator : administrators.values()) {
                administrator.createTable(Resource.TABLE);
                administrator.createTable(Resource.OTHER_TABLE);
                administrator.createLedger();
            }
            for (Resource resource : Resource.of(product)) {
                DatabaseServer database = administrator(resource.database()).server();
                links.put(resource, new Link(database, keep(FaultProxy.of(database))));
            }
            server = start();
        } catch (IOException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static MariaDbOptions mariaDbOptions() {
        return Boolean.parseBoolean(System.getProperty("matrix.binlog", "true"))
                ? MariaDbOptions.defaults().withBinlog()
                : MariaDbOptions.defaults();
    }

    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Recovery has a long period, so that it runs when it is told to. */
    private WildFly start() throws IOException {
        String password = administrator(Database.MARIADB).server().password();
        WildFly wildFly = keep(new WildFly(WildFlyOptions.defaults()
                .withModules(Stage.modules())
                .withNodeId("matrix")
                .withProperty("com.arjuna.ats.arjuna.recovery.periodicRecoveryPeriod", "3600")
                .withProperty("com.arjuna.ats.arjuna.recovery.recoveryBackoffPeriod", "1")
                .withProperty("com.arjuna.ats.jta.orphanSafetyInterval", "500")
                .withEnvironment("REPRISE_PASSWORD", password)
                .withEnvironment("WILDFLY_PASSWORD", password)));
        keep(() -> Stage.keepLog(wildFly, "wildfly-matrix-" + product.name().toLowerCase(Locale.ROOT) + ".log"));
        application()
                .as(ZipExporter.class)
                .exportTo(wildFly.base().resolve("deployments/matrix.war").toFile());
        product.configuration().before(wildFly, links);
        wildFly.start();
        product.configuration().after(wildFly, links);
        return wildFly;
    }

    private static WebArchive application() {
        return ShrinkWrap.create(WebArchive.class)
                .addClasses(MatrixServlet.class, RequiredBean.class, Work.class, Told.class, Told.Outcome.class)
                .addAsLibraries(new File(RetryTransaction.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath()))
                .addAsManifestResource(new StringAsset("Dependencies: org.jboss.jts\n"), "MANIFEST.MF");
    }

    Product product() {
        return product;
    }

    Administrator administrator(Database database) {
        return Objects.requireNonNull(administrators.get(database), "no " + database);
    }

    FaultProxy proxy(Resource resource) {
        return Objects.requireNonNull(links.get(resource), "no " + resource).proxy();
    }

    Caller caller() {
        return new Caller(server.httpPort());
    }

    /** Its pool is filled with connections that work. */
    void refresh(Resource resource) throws InterruptedException, ExecutionException {
        product.configuration().refresh(server, resource);
        caller().use(resource).get();
    }

    /** All is well again on all links. */
    void heal() {
        links.values().forEach(link -> link.proxy().disarmAll());
    }

    /** Whoever still waits on a link does so no longer. */
    void resetAll() {
        links.values().forEach(link -> link.proxy().resetAll());
    }

    /** Of all that takes part. */
    List<String> versions() throws SQLException {
        var versions = new ArrayList<String>();
        for (Administrator administrator : administrators.values()) {
            versions.add(administrator.version());
        }
        versions.add("WildFly " + System.getProperty("wildfly.version", "?"));
        versions.add("MariaDB Connector/J " + System.getProperty("mariadb.version", "?"));
        versions.add("pgjdbc " + System.getProperty("postgresql.version", "?"));
        versions.add("Java " + Runtime.version());
        return versions;
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

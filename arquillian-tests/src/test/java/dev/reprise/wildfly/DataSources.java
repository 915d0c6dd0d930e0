// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.WildFly;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The data sources of a server, each behind a proxy: those of the users' scripts, and more for the tests. */
final class DataSources implements AutoCloseable {

    private static final Map<String, String> POSTGRESQL_FLAVOUR =
            Map.of("reprise.archive", "reprise-postgresql.rar", "reprise.driver", "org.postgresql.xa.PGXADataSource");
    private static final Map<String, String> POSTGRESQL_PEER = Map.of(
            "wildfly.driver-name", "postgresql.jar",
            "wildfly.driver", "org.postgresql.xa.PGXADataSource",
            "wildfly.checker", "postgres.PostgreSQL");

    private final Map<Link, FaultProxy> proxies = new EnumMap<>(Link.class);
    private final Map<Link, DatabaseServer> databases = new EnumMap<>(Link.class);

    DataSources(Map<Dialect, DatabaseServer> servers) {
        for (Link link : Link.values()) {
            DatabaseServer database = servers.get(link.dialect());
            databases.put(link, database);
            proxies.put(link, FaultProxy.of(database));
        }
    }

    DatabaseServer database(Link link) {
        return databases.get(link);
    }

    FaultProxy proxy(Link link) {
        return proxies.get(link);
    }

    /** Before the adapter is deployed, and when the drivers are, and are there as modules. Reloads the server. */
    void configureAll(WildFly server) {
        server.cliScript(ours("agroal.cli"), allProperties());
        together(Stream.concat(adapter(server), peers(server)));
        server.cliScript(ours("more-data-sources.cli"), allProperties());
    }

    /** Before the adapter is deployed. */
    void configureAdapter(WildFly server) {
        together(adapter(server));
        server.cliScript(ours("more-data-sources.cli"), allProperties());
    }

    private Stream<Runnable> adapter(WildFly server) {
        Path script = script("reprise.cli");
        return Stream.of(
                () -> server.cliScript(script, properties("reprise", Link.REPRISE, Map.of())),
                () -> server.cliScript(script, named("reprise", Link.POSTGRESQL, POSTGRESQL_FLAVOUR)));
    }

    private Stream<Runnable> peers(WildFly server) {
        Path script = script("wildfly-xa-datasource.cli");
        return Stream.of(
                () -> server.cliScript(script, properties("wildfly", Link.WILDFLY, Map.of())),
                () -> server.cliScript(script, named("wildfly", Link.WILDFLY_POSTGRESQL, POSTGRESQL_PEER)));
    }

    private static void together(Stream<Runnable> scripts) {
        CompletableFuture.allOf(scripts.map(CompletableFuture::runAsync).toArray(CompletableFuture[]::new))
                .join();
    }

    /** What a script of the users asks for. */
    private Map<String, String> properties(String prefix, Link link, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put(prefix + ".url", url(link));
        all.put(prefix + ".user", databases.get(link).user());
        all.put(prefix + ".min-pool-size", "0");
        all.put(prefix + ".max-pool-size", "50");
        return all;
    }

    /** The same where the script would otherwise take the names of the other database. */
    private Map<String, String> named(String prefix, Link link, Map<String, String> more) {
        Map<String, String> all = properties(prefix, link, more);
        all.put(prefix + ".name", link.id());
        all.put(prefix + ".jndi-name", link.jndiName());
        return all;
    }

    private Map<String, String> allProperties() {
        Map<String, String> all = new HashMap<>(Map.of("recoverer", Recoverer.NAME));
        for (Link link : Link.values()) {
            all.put(link.id() + ".url", url(link));
            all.put(link.id() + ".user", databases.get(link).user());
        }
        return all;
    }

    private String url(Link link) {
        return databases.get(link).jdbcUrl(proxies.get(link).port());
    }

    /** As users run it. */
    static Path script(String name) {
        return Path.of(System.getProperty("reprise.scripts", "../docs"), name);
    }

    private static Path ours(String name) {
        return Path.of("src/test/resources", name);
    }

    void resetAll() {
        proxies.values().forEach(FaultProxy::resetAll);
    }

    @Override
    public void close() {
        proxies.values().forEach(FaultProxy::close);
    }
}

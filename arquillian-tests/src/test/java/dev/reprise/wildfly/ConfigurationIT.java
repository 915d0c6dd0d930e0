// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.dmr.ModelNode;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an administrator configures, and what he is told if it is wrong. On a server of its own: wrong entries stay until a
 * reload, and a reload would disturb the others.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfigurationIT {

    private static final String REFUSED = "Reprise cannot be used as configured: ";
    private static final String SECRET_IN_URL = "hidden-in-the-url";

    private final MariaDb database = Stage.mariaDb();
    private final FaultProxy proxy = FaultProxy.of(database);
    private final WildFly server = new WildFly(WildFlyOptions.defaults()
            .withNodeId("configuration")
            .allowingBootErrors()
            .withEnvironment("REPRISE_PASSWORD", database.password()));
    private final AtomicInteger made = new AtomicInteger();

    @BeforeAll
    void start() {
        server.start();
        runScript(Map.of());
        server.deploy(Stage.deployment("reprise.rar"));
    }

    @AfterAll
    void close() {
        server.close();
        proxy.close();
    }

    private void runScript(Map<String, String> changed) {
        runScript("reprise.cli", changed);
    }

    private void runScript(String script, Map<String, String> changed) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "reprise.url",
                database.jdbcUrl(),
                "reprise.user",
                database.user(),
                "reprise.min-pool-size",
                "0",
                "reprise.max-pool-size",
                "5"));
        properties.putAll(changed);
        server.cliScript(DataSources.script(script), properties);
    }

    @Test
    void allWrongValuesAreReportedTogether() {
        refuses(
                Map.of(
                        "url", database.jdbcUrl(),
                        "connectTimeoutMillis", "soon",
                        "validationTimeoutMillis", "0",
                        "controlTimeoutMillis", "-1",
                        "validateOnMatch", "maybe",
                        "driverProperties", "useBulkStmts"),
                REFUSED
                        + "driverProperties: an entry has no '='; allowed is name=value;name=value; "
                        + "connectTimeoutMillis: soon; allowed is a whole number of milliseconds from 1 to 2147483647; "
                        + "controlTimeoutMillis: -1; allowed is a whole number of milliseconds from 1 to 2147483647; "
                        + "validateOnMatch: maybe; allowed is true or false; "
                        + "validationTimeoutMillis: 0; allowed is a whole number of milliseconds from 1 to 2147483647");
    }

    @Test
    void emptyUrl() {
        refuses(Map.of("user", "app"), REFUSED + "url: must look like jdbc:mariadb://host:port/database");
    }

    @Test
    void urlOfAnotherDatabase() {
        refuses(
                Map.of("url", "jdbc:postgresql://127.0.0.1/app"),
                REFUSED + "url: must look like jdbc:mariadb://host:port/database");
    }

    @Test
    void unknownDriverClass() {
        refuses(
                Map.of("url", "jdbc:none", "xaDataSourceClass", "org.example.Nothing"),
                REFUSED + "xaDataSourceClass: org.example.Nothing cannot be loaded by the adapter"
                        + " (java.lang.ClassNotFoundException: org.example.Nothing from [Module"
                        + " \"deployment.{archive}\" from Service Module Loader]); the driver must be inside the .rar"
                        + " or a module that it depends on");
    }

    @Test
    void classThatIsNoXaDataSource() {
        refuses(
                Map.of("url", database.jdbcUrl(), "xaDataSourceClass", "org.mariadb.jdbc.Driver"),
                REFUSED + "xaDataSourceClass: org.mariadb.jdbc.Driver is no javax.sql.XADataSource;"
                        + " allowed are classes that are");
    }

    @Test
    void replayOfTheDriver() {
        refuses(
                Map.of("url", database.jdbcUrl() + "&transactionReplay=true"),
                REFUSED + "transactionReplay=true: the driver's replay commits twice when the reply of a commit is"
                        + " lost; allowed is false, or leave it out");
        refuses(
                Map.of("url", database.jdbcUrl(), "driverProperties", "transactionReplay=true"),
                REFUSED + "transactionReplay=true: the driver's replay commits twice when the reply of a commit is"
                        + " lost; allowed is false, or leave it out");
    }

    @Test
    void highAvailabilityOfTheDriver() {
        String message = REFUSED + "url: the driver's high-availability modes and lists of hosts change the server"
                + " inside a transaction; allowed is one host, jdbc:mariadb://host:port/database";
        refuses(Map.of("url", "jdbc:mariadb:sequential://127.0.0.1/app"), message);
        refuses(Map.of("url", "jdbc:mariadb://127.0.0.1,127.0.0.2/app"), message);
        refuses(Map.of("url", "jdbc:mariadb:replication://127.0.0.1,127.0.0.2/app"), message);
    }

    @Test
    void wrongRoleAndWrongServersOfAFailover() {
        refuses(
                Map.of(
                        "url",
                        database.jdbcUrl(),
                        "requiredRole",
                        "replica",
                        "failoverUrls",
                        "jdbc:mysql://two/app two"),
                REFUSED
                        + "requiredRole: replica; allowed is one of primary, any; failoverUrls: url: jdbc:mysql: is taken"
                        + " with the option permitMysqlScheme only; allowed is jdbc:mariadb:; failoverUrls: url: must look"
                        + " like jdbc:mariadb://host:port/database");
        refuses(
                Map.of("url", database.jdbcUrl(), "failoverUrls", "jdbc:mariadb://two/app, jdbc:mariadb://three/app"),
                REFUSED + "failoverUrls: a comma or semicolon separates its URLs; allowed is white space");
    }

    @Test
    void passwordInTheUrl() {
        String message = REFUSED + "password: must not stand in url or driverProperties;"
                + " set the property password, or let the container sign on";
        refuses(Map.of("url", database.jdbcUrl() + "&password=" + SECRET_IN_URL), message);
        refuses(Map.of("url", database.jdbcUrl(), "driverProperties", "password=" + SECRET_IN_URL), message);
        assertThat(server.readLog()).contains(message).doesNotContain(SECRET_IN_URL);
    }

    /** Adds an entry for an archive, as administrators do, and deploys the archive. */
    private void refuses(Map<String, String> configProperties, String message) {
        try (Management management = new Management(server)) {
            String name = nextName();
            String archive = name + ".rar";
            add(management, name, archive, configProperties);
            assertThat(management.failureOfDeploying(archive, Stage.deployment("reprise.rar")))
                    .contains("InvalidPropertyException: " + message.replace("{archive}", archive) + "\n")
                    .doesNotContain(SECRET_IN_URL);
        }
    }

    /** WildFly tells the administrator nothing but that it failed; the reason is in the log. */
    @Test
    void reasonOfAFailedActivationIsInTheLog() {
        try (Management management = new Management(server)) {
            String name = nextName();
            add(management, name, "reprise.rar", Map.of("url", database.jdbcUrl(), "validateOnMatch", "perhaps"));
            assertThat(management.failureOf("activate", adapter(name)))
                    .contains("WFLYJCA0046: Failed to start RA deployment [reprise.rar]");
            assertThat(server.readLog()).contains(REFUSED + "validateOnMatch: perhaps; allowed is true or false");
            assertThat(management.failureOf("test-connection-in-pool", definition("reprise")))
                    .isEmpty();
        }
    }

    @Test
    void wrongConfigurationIsAmongTheBootErrors() {
        String message = REFUSED + "connectTimeoutMillis: after lunch; allowed is a whole number of milliseconds from 1"
                + " to 2147483647";
        String name = nextName();
        try (Management management = new Management(server)) {
            add(
                    management,
                    name,
                    "reprise.rar",
                    Map.of("url", database.jdbcUrl(), "connectTimeoutMillis", "after lunch"));
        }
        reload();
        try (Management management = new Management(server)) {
            assertThat(management
                            .run("read-boot-errors", Management.address("core-service", "management"))
                            .toString())
                    .contains(message);
            assertThat(server.readLog()).contains(message);
            management.run("remove", adapter(name));
        }
        reload();
        try (Management management = new Management(server)) {
            assertThat(management
                            .run("read-boot-errors", Management.address("core-service", "management"))
                            .asList())
                    .isEmpty();
        }
    }

    @Test
    void scriptCanBeRunAgainAndChangesWhatDiffers() {
        removeWrongEntries();
        reload();
        runScript(Map.of());
        try (Management management = new Management(server)) {
            assertThat(serverState(management)).isEqualTo("running");
        }
        String changedUrl = database.jdbcUrl(proxy.port()) + "&tcpKeepAlive=true";
        runScript(Map.of("reprise.max-pool-size", "6", "reprise.url", changedUrl));
        try (Management management = new Management(server)) {
            assertThat(serverState(management)).isEqualTo("reload-required");
        }
        reload();
        try (Management management = new Management(server)) {
            ModelNode definition = management.run("read-resource", definition("reprise"), Map.of("recursive", true));
            assertThat(definition.get("max-pool-size").asInt()).isEqualTo(6);
            assertThat(definition.get("config-properties", "url", "value").asString())
                    .isEqualTo(changedUrl);
            assertThat(definition.toString()).contains("${reprise.password}").doesNotContain(database.password());
            int before = proxy.connections();
            assertThat(management.failureOf("test-connection-in-pool", definition("reprise")))
                    .isEmpty();
            assertThat(proxy.connections()).isGreaterThan(before);
        }
        runScript(Map.of());
        reload();
    }

    @Test
    void testConnectionAnswersTrue() {
        try (Management management = new Management(server)) {
            assertThat(management
                            .run("test-connection-in-pool", definition("reprise"))
                            .get(0)
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void testConnectionNamesTheCauseIfTheDatabaseIsOutOfReach() {
        try (Management management = new Management(server)) {
            String name = nextName();
            add(
                    management,
                    name,
                    "reprise.rar",
                    Map.of("url", database.jdbcUrl(proxy.port()), "user", database.user()));
            assertThat(management.failureOf("activate", adapter(name))).isEmpty();
            proxy.refuse();
            String failure = management.failureOf("test-connection-in-pool", definition(name));
            assertThat(failure)
                    .contains("No connection to the database: Socket fail to connect to 127.0.0.1:" + proxy.port())
                    .contains("Connection refused");
        } finally {
            proxy.accept();
        }
    }

    @Test
    void userOfAnAuthenticationContextIsTheOneWhoConnects(@TempDir Path folder) throws Exception {
        try (Connection connection = database.administrator();
                Statement statement = connection.createStatement()) {
            statement.execute("create user if not exists carl identified by 'secret-of-carl'");
            statement.execute("grant all on " + database.database() + ".* to carl");
        }
        server.cli(
                "/subsystem=elytron/credential-store=secrets:add(path=secrets.p12,relative-to=jboss.server.config.dir,"
                        + "create=true,modifiable=true,credential-reference={clear-text=store-secret})",
                "/subsystem=elytron/credential-store=secrets:add-alias(alias=carl,secret-value=secret-of-carl)",
                "/subsystem=elytron/authentication-configuration=carl:add(authentication-name=carl,"
                        + "credential-reference={store=secrets,alias=carl})",
                "/subsystem=elytron/authentication-context=carl:add("
                        + "match-rules=[{authentication-configuration=carl}])",
                "/subsystem=resource-adapters/resource-adapter=signed-on:add(archive=reprise.rar,"
                        + "transaction-support=XATransaction)",
                "/subsystem=resource-adapters/resource-adapter=signed-on/connection-definitions=signed-on:add("
                        + "class-name=dev.reprise.connector.RepriseManagedConnectionFactory,"
                        + "jndi-name=java:/jdbc/SignedOn,elytron-enabled=true,authentication-context=carl)",
                "/subsystem=resource-adapters/resource-adapter=signed-on/connection-definitions=signed-on"
                        + "/config-properties=url:add(value=\"" + database.jdbcUrl() + "\")",
                "/subsystem=resource-adapters/resource-adapter=signed-on:activate");
        Path war = folder.resolve("who.war");
        ShrinkWrap.create(WebArchive.class, "who.war")
                .addClass(WhoServlet.class)
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        server.deploy(war);
        assertThat(who("java:/jdbc/SignedOn")).isEqualTo("carl@%");
        assertThat(who("java:/jdbc/Reprise")).startsWith(database.user() + "@");
        assertThat(server.readLog()).doesNotContain("secret-of-carl");
    }

    /**
     * The scripts as users run them; the password is changed in the database and in the store. WildFly takes it from there
     * when it is reloaded (measured: neither a flush nor {@code activate} is enough). Nothing that the server publishes
     * shows it, at any level of the log; WildFly's own MBeans have expressions resolved, such as {@code ${env.X}}.
     */
    @Test
    void passwordOfACredentialStoreIsShownNowhereAndChangedByAReload(@TempDir Path folder) throws Exception {
        execute("create user if not exists dora identified by 'first-of-dora'", "grant all on *.* to dora");
        server.cli(
                "/subsystem=logging/logger=dev.reprise:add(level=TRACE)",
                "/subsystem=logging/logger=org.jboss.jca:add(level=DEBUG)",
                "/subsystem=elytron/credential-store=vault:add(path=vault.p12,relative-to=jboss.server.config.dir,"
                        + "create=true,modifiable=true,credential-reference={clear-text=store-secret})",
                "/subsystem=elytron/credential-store=vault:add-alias(alias=dora,secret-value=first-of-dora)");
        Map<String, String> stored = Map.of(
                "reprise.name", "stored",
                "reprise.jndi-name", "java:/jdbc/Stored",
                "reprise.user", "dora",
                "reprise.url", database.jdbcUrl() + "&keyStorePassword=hidden-key",
                "reprise.credential-store", "vault",
                "reprise.credential-alias", "dora");
        for (int run = 0; run < 2; run++) {
            runScript("reprise-credential-store.cli", stored);
            runScript(stored);
        }
        reload();
        Path war = folder.resolve("secrets.war");
        ShrinkWrap.create(WebArchive.class, "secrets.war")
                .addClasses(WhoServlet.class, BeansServlet.class)
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        server.deploy(war);
        assertThat(get("secrets/who?jndi=java:/jdbc/Stored")).isEqualTo("dora@%");

        execute("alter user dora identified by 'second-of-dora'");
        assertThat(get("secrets/who?jndi=java:/jdbc/Stored")).isEqualTo("dora@%");
        server.cli("/subsystem=elytron/credential-store=vault:set-secret(alias=dora,secret-value=second-of-dora)");
        reload();
        assertThat(get("secrets/who?jndi=java:/jdbc/Stored")).isEqualTo("dora@%");
        execute("alter user dora identified by 'third-of-dora'");
        database.killConnections("dora");
        assertThat(get("secrets/who?jndi=java:/jdbc/Stored")).contains("Access denied for user 'dora'");

        try (Management management = new Management(server)) {
            assertThat(management
                            .run(
                                    "read-resource",
                                    Management.address("subsystem", "resource-adapters", "resource-adapter", "stored"),
                                    Map.of("recursive", true, "include-runtime", true))
                            .toString())
                    .contains("dora")
                    .doesNotContain("-of-dora")
                    .doesNotContain("reprise.password");
        }
        assertThat(server.readLog())
                .contains("dora")
                .contains("DEBUG [org.jboss.jca")
                .doesNotContain("-of-dora")
                .doesNotContain("hidden-key")
                .doesNotContain(database.password());
        assertThat(get("secrets/beans")).contains("Stored").doesNotContain("-of-dora");
    }

    private void execute(String... statements) throws Exception {
        try (Connection connection = database.administrator();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private String who(String jndiName) throws Exception {
        return get("who/who?jndi=" + jndiName);
    }

    private String get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.httpPort() + "/" + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void passwordIsNeitherInTheLogNorInTheConfiguration() throws Exception {
        assertThat(server.readLog()).isNotEmpty().doesNotContain(database.password());
        assertThat(Stage.wildFly().readLog()).isNotEmpty().doesNotContain(database.password());
        for (WildFly each : new WildFly[] {server, Stage.wildFly()}) {
            try (Management management = new Management(each)) {
                assertThat(management
                                .run(
                                        "read-resource",
                                        Management.address("subsystem", "resource-adapters"),
                                        Map.of("recursive", true, "include-runtime", true))
                                .toString())
                        .contains("${reprise.password}")
                        .doesNotContain(database.password());
            }
        }
    }

    private static ModelNode adapter(String name) {
        return Management.address("subsystem", "resource-adapters", "resource-adapter", name);
    }

    private static ModelNode definition(String name) {
        return adapter(name).add("connection-definitions", name);
    }

    private String nextName() {
        return "entry-" + made.incrementAndGet();
    }

    private static void add(Management management, String name, String archive, Map<String, String> configProperties) {
        management.run("add", adapter(name), Map.of("archive", archive, "transaction-support", "XATransaction"));
        management.run(
                "add",
                definition(name),
                Map.of(
                        "class-name",
                        "dev.reprise.connector.RepriseManagedConnectionFactory",
                        "jndi-name",
                        "java:/jdbc/" + name));
        Map<String, String> all = new HashMap<>(configProperties);
        all.put("password", "${reprise.password}");
        all.forEach((property, value) ->
                management.run("add", definition(name).add("config-properties", property), Map.of("value", value)));
    }

    private void removeWrongEntries() {
        try (Management management = new Management(server)) {
            ModelNode all = management.run(
                    "read-children-names",
                    Management.address("subsystem", "resource-adapters"),
                    Map.of("child-type", "resource-adapter"));
            for (ModelNode name : all.asList()) {
                if (name.asString().startsWith("entry-")) {
                    management.run("remove", adapter(name.asString()));
                }
            }
        }
    }

    private void reload() {
        server.cli("reload");
    }

    private static String serverState(Management management) {
        return management
                .run("read-attribute", new ModelNode().setEmptyList(), Map.of("name", "server-state"))
                .asString();
    }
}

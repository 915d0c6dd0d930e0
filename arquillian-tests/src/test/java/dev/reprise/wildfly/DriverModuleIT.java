// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The driver is a module of the server: {@code reprise.rar}, which has another one inside, reaches it. On a server of its
 * own, since modules and overlays are for all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class DriverModuleIT {

    private static final String DEFINITION =
            "/subsystem=resource-adapters/resource-adapter=postgresql/connection-definitions=postgresql";

    private final PostgreSql database = Stage.postgreSql();
    private WildFly server;
    private Path modules;

    @BeforeAll
    void start(@TempDir Path folder) {
        modules = folder.resolve("modules");
        server = new WildFly(WildFlyOptions.defaults()
                .withNodeId("modules")
                .withModules(modules)
                .withEnvironment("REPRISE_PASSWORD", database.password()));
        server.start();
        server.cliScript(
                DataSources.script("reprise.cli"),
                Map.of(
                        "reprise.name",
                        "postgresql",
                        "reprise.jndi-name",
                        "java:/jdbc/Postgresql",
                        "reprise.driver",
                        "org.postgresql.xa.PGXADataSource",
                        "reprise.url",
                        database.jdbcUrl(),
                        "reprise.user",
                        database.user(),
                        "reprise.min-pool-size",
                        "0",
                        "reprise.max-pool-size",
                        "5"));
    }

    @AfterAll
    void close() {
        server.close();
    }

    /** One after the other: the module of the usual name would be found in spite of the overlay. */
    @Test
    void anyModuleIsReachedThroughAnOverlayAndThatOfTheUsualNameWithout(@TempDir Path folder) throws Exception {
        Path structure = Files.writeString(folder.resolve("structure.xml"), """
                <jboss-deployment-structure xmlns="urn:jboss:deployment-structure:1.3">
                  <deployment><dependencies><module name="example.driver"/></dependencies></deployment>
                </jboss-deployment-structure>
                """);
        DriverModule.add(modules, "example.driver", Stage.deployment("postgresql.jar"));
        server.cli("deployment-overlay add --name=driver --deployments=reprise.rar"
                + " --content=META-INF/jboss-deployment-structure.xml=" + structure);
        assertConnects();
        server.undeploy("reprise.rar");
        server.cli("deployment-overlay remove --name=driver");

        DriverModule.add(modules, "org.postgresql.jdbc", Stage.deployment("postgresql.jar"));
        assertConnects();
    }

    /** Also through sockets of the adapter: it would say in the log that it has none. */
    private void assertConnects() {
        server.deploy(Stage.deployment("reprise.rar"));
        assertThat(server.cli(DEFINITION + ":test-connection-in-pool")).contains("[true]");
        assertThat(server.logFile()).content().contains("REPRISE0001").doesNotContain("REPRISE0018");
    }
}

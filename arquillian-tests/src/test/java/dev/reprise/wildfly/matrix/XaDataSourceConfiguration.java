// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.WildFly;
import dev.reprise.wildfly.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** WildFly's own xa-datasource, with the script of {@code docs/}. */
final class XaDataSourceConfiguration implements Configuration {

    @Override
    public void before(WildFly server, Map<Resource, Link> links) throws IOException {
        Path deployments = server.base().resolve("deployments");
        Files.copy(Stage.deployment("mariadb-java-client.jar"), deployments.resolve("mariadb.jar"));
        Files.copy(Stage.deployment("postgresql.jar"), deployments.resolve("postgresql.jar"));
    }

    @Override
    public void after(WildFly server, Map<Resource, Link> links) {
        links.keySet().parallelStream()
                .forEach(resource -> configure(server, resource, Objects.requireNonNull(links.get(resource))));
    }

    private static void configure(WildFly server, Resource resource, Link link) {
        server.cliScript(
                Path.of(System.getProperty("reprise.scripts", "../docs"), "wildfly-xa-datasource.cli"),
                Map.of(
                        "wildfly.name", resource.id(),
                        "wildfly.jndi-name", resource.jndiName(),
                        "wildfly.driver-name", resource.database().id() + ".jar",
                        "wildfly.driver", resource.database().driver(),
                        "wildfly.checker", resource.database().checker(),
                        "wildfly.url", link.url(),
                        "wildfly.user", link.server().user(),
                        "wildfly.min-pool-size", "0",
                        "wildfly.max-pool-size", String.valueOf(POOL_SIZE)));
    }
}

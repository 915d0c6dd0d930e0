// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.WildFly;
import dev.reprise.wildfly.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The adapter, with short patience everywhere. */
final class AdapterConfiguration implements Configuration {

    private static final Map<String, String> PATIENCE = Map.of(
            "connectTimeoutMillis", "1500",
            "validationTimeoutMillis", "1000",
            "controlTimeoutMillis", "1500",
            "guardTimeoutSeconds", "8");

    @Override
    public void before(WildFly server, Map<Resource, Link> links) throws IOException {
        var commands = new ArrayList<String>();
        for (Database database : Database.values()) {
            Files.copy(
                    Stage.deployment(database.archive()),
                    server.base().resolve("deployments").resolve(database.archive()));
            commands.add(adapter(database, false)
                    + add("archive", database.archive(), "transaction-support", "XATransaction"));
            commands.add(adapter(database, true)
                    + add("archive", database.archive(), "transaction-support", "LocalTransaction"));
        }
        links.forEach((resource, link) -> commands.addAll(definition(resource, link)));
        server.cli(commands.toArray(String[]::new));
    }

    @Override
    public void after(WildFly server, Map<Resource, Link> links) {}

    private static String adapter(Database database, boolean local) {
        return "/subsystem=resource-adapters/resource-adapter=" + database.id() + (local ? "-local" : "");
    }

    /** As {@code docs/reprise.cli} has it. */
    private static List<String> definition(Resource resource, Link link) {
        String definition = adapter(resource.database(), resource.local()) + "/connection-definitions=" + resource.id();
        var commands = new ArrayList<String>();
        commands.add(definition
                + add(
                        "class-name", "dev.reprise.connector.RepriseManagedConnectionFactory",
                        "jndi-name", resource.jndiName(),
                        "min-pool-size", "0",
                        "max-pool-size", String.valueOf(POOL_SIZE),
                        "flush-strategy", "FailingConnectionOnly",
                        "tracking", "false",
                        "validate-on-match", "false",
                        "no-recovery", "false",
                        "recovery-username", link.server().user(),
                        "recovery-password", "\"${reprise.password}\""));
        properties(resource, link)
                .forEach((name, value) ->
                        commands.add(definition + "/config-properties=" + name + add("value", '"' + value + '"')));
        return commands;
    }

    private static Map<String, String> properties(Resource resource, Link link) {
        var properties = new java.util.TreeMap<>(PATIENCE);
        properties.put("commitGuard", resource.guard());
        properties.put(
                "ledgerTable", resource.guard().equals(Subject.LEDGER.id()) ? Administrator.LEDGER : "no_ledger");
        properties.put("replay", System.getProperty("matrix.replay", "on"));
        properties.put("replayTimeoutMillis", "8000");
        properties.put("xaDataSourceClass", resource.database().driver());
        properties.put("url", link.url());
        properties.put("user", link.server().user());
        properties.put("password", "${reprise.password}");
        return properties;
    }

    private static String add(String... namesAndValues) {
        var text = new StringBuilder(":add(");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(namesAndValues[i]).append('=').append(namesAndValues[i + 1]);
        }
        return text.append(')').toString();
    }
}

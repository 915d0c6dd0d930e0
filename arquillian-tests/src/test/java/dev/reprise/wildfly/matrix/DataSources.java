// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.DatabaseServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How an administrator configures the adapter for the matrix: patience is short everywhere. */
final class DataSources {

    /** For an answer to any call that controls a transaction. */
    static final int CONTROL_MILLIS = 1_500;

    static final int POOL_SIZE = 3;

    private static final Map<String, String> PATIENCE = Map.of(
            "connectTimeoutMillis", "1500",
            "validationTimeoutMillis", "1000",
            "controlTimeoutMillis", String.valueOf(CONTROL_MILLIS));

    private final List<String> commands = new ArrayList<>();

    DataSources() {
        adapter("matrix", "XATransaction");
        adapter("matrix-local", "LocalTransaction");
    }

    private void adapter(String name, String transactions) {
        commands.add("/subsystem=resource-adapters/resource-adapter=%s:add(archive=reprise.rar,transaction-support=%s)"
                .formatted(name, transactions));
    }

    /** With XA. */
    DataSources add(Resource resource, DatabaseServer server, int port) {
        add("matrix", resource, server, port);
        return this;
    }

    DataSources addLocal(Resource resource, DatabaseServer server, int port) {
        add("matrix-local", resource, server, port);
        return this;
    }

    private void add(String adapter, Resource resource, DatabaseServer server, int port) {
        String definition =
                "/subsystem=resource-adapters/resource-adapter=" + adapter + "/connection-definitions=" + resource.id();
        commands.add(definition
                + (":add(class-name=dev.reprise.connector.RepriseManagedConnectionFactory,jndi-name=%s,min-pool-size=0,"
                                + "max-pool-size=%d,flush-strategy=FailingConnectionOnly,tracking=false,"
                                + "validate-on-match=false,no-recovery=false,recovery-username=%s,"
                                + "recovery-password=\"${reprise.password}\")")
                        .formatted(resource.jndiName(), POOL_SIZE, server.user()));
        property(definition, "url", '"' + server.jdbcUrl(port) + '"');
        property(definition, "user", server.user());
        property(definition, "password", "\"${reprise.password}\"");
        PATIENCE.forEach((name, value) -> property(definition, name, value));
    }

    private void property(String definition, String name, String value) {
        commands.add(definition + "/config-properties=" + name + ":add(value=" + value + ")");
    }

    String[] commands() {
        return commands.toArray(String[]::new);
    }
}

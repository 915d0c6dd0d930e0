// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.WildFly;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jboss.as.controller.client.ModelControllerClient;
import org.jboss.as.controller.client.Operation;
import org.jboss.as.controller.client.OperationBuilder;
import org.jboss.as.controller.client.helpers.Operations;
import org.jboss.dmr.ModelNode;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/** What an administrator does and is told, for tests that run outside of the server. */
public final class Management implements AutoCloseable {

    private final ModelControllerClient client;

    public Management(WildFly server) {
        try {
            client = ModelControllerClient.Factory.create("127.0.0.1", server.managementPort());
        } catch (IOException e) {
            throw new UncheckedIOException("No management interface", e);
        }
    }

    /** For instance {@code address("subsystem", "resource-adapters")}. */
    public static ModelNode address(String... keysAndValues) {
        return Operations.createAddress(keysAndValues);
    }

    static ModelNode operation(String name, ModelNode address, Map<String, ?> parameters) {
        ModelNode operation = Operations.createOperation(name, address);
        parameters.forEach((key, value) -> operation.get(key).set(String.valueOf(value)));
        return operation;
    }

    /** @return the result; fails if the operation does */
    ModelNode run(String name, ModelNode address, Map<String, ?> parameters) {
        return result(execute(
                OperationBuilder.create(operation(name, address, parameters)).build()));
    }

    public ModelNode run(String name, ModelNode address) {
        return run(name, address, Map.of());
    }

    /** Without a reload of the server, which {@code remove} of what is in use asks for otherwise. */
    void runRestarting(String name, ModelNode address) {
        ModelNode operation = operation(name, address, Map.of());
        operation.get("operation-headers", "allow-resource-service-restart").set(true);
        result(execute(OperationBuilder.create(operation).build()));
    }

    /** @return what the administrator is told; empty if all went well */
    String failureOf(String name, ModelNode address) {
        return failure(execute(
                OperationBuilder.create(operation(name, address, Map.of())).build()));
    }

    /** @return what the administrator is told; empty if it is deployed, and then it is undeployed again */
    String failureOfDeploying(Archive<?> archive) {
        return failureOfDeploying(
                archive.getName(), archive.as(ZipExporter.class).exportAsInputStream());
    }

    /** The same with a file, under the given name. */
    String failureOfDeploying(String name, Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            return failureOfDeploying(name, content);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read " + file, e);
        }
    }

    private String failureOfDeploying(String name, InputStream content) {
        ModelNode address = address("deployment", name);
        ModelNode add = Operations.createAddOperation(address);
        add.get("enabled").set(true);
        add.get("content").get(0).get("input-stream-index").set(0);
        String failure = failure(
                execute(OperationBuilder.create(add).addInputStream(content).build()));
        if (failure.isEmpty()) {
            run("remove", address);
        }
        return failure;
    }

    private ModelNode execute(Operation operation) {
        try (operation) {
            return client.execute(operation);
        } catch (IOException e) {
            throw new UncheckedIOException("No answer to " + operation.getOperation(), e);
        }
    }

    private static String failure(ModelNode answer) {
        return Operations.isSuccessfulOutcome(answer) ? "" : text(Operations.getFailureDescription(answer));
    }

    /** Its strings, without escapes. */
    private static String text(ModelNode node) {
        return switch (node.getType()) {
            case OBJECT, PROPERTY, LIST -> {
                var lines = new StringBuilder();
                if (node.getType() == org.jboss.dmr.ModelType.LIST) {
                    node.asList().forEach(item -> lines.append(text(item)).append('\n'));
                } else {
                    node.asPropertyList()
                            .forEach(property -> lines.append(property.getName())
                                    .append(": ")
                                    .append(text(property.getValue()))
                                    .append('\n'));
                }
                yield lines.toString();
            }
            default -> node.asString();
        };
    }

    private static ModelNode result(ModelNode answer) {
        if (!Operations.isSuccessfulOutcome(answer)) {
            throw new IllegalStateException(failure(answer));
        }
        return Operations.readResult(answer);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The management interface could not be left", e);
        }
    }
}

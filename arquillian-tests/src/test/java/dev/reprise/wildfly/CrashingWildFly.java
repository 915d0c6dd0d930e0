// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.Opened;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/**
 * A WildFly that a test may kill, with the adapter and {@link TransactionServlet} deployed and its own proxies. It is not
 * the one of the stage, and its transaction manager has another node id: each finishes only its own branches.
 */
final class CrashingWildFly implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofMinutes(1);

    private final Opened opened = new Opened();
    private final DataSources dataSources = opened.keep(new DataSources(Stage.databases()));
    private final HttpClient http = HttpClient.newHttpClient();
    private final WildFly server;

    /** Started. */
    CrashingWildFly(String nodeId, String... jvmArguments) throws IOException {
        WildFlyOptions options = Stage.options(Stage.databases())
                .withNodeId(nodeId)
                .withProperty("com.arjuna.ats.jta.orphanSafetyInterval", "1000");
        for (String argument : jvmArguments) {
            options = options.withJvmArgument(argument);
        }
        server = opened.keep(new WildFly(options));
        opened.keep(() -> Stage.keepLog(server, "wildfly-" + nodeId + ".log"));
        server.start();
        dataSources.configureAdapter(server);
        Stage.deployAdapter(server);
        Path war = Files.createDirectories(Path.of("target")).resolve("crash.war");
        Application.with(TransactionServlet.class).as(ZipExporter.class).exportTo(war.toFile(), true);
        server.deploy(war);
    }

    FaultProxy proxy(Link link) {
        return dataSources.proxy(link);
    }

    /** Does nothing if it is running. */
    void start() {
        if (!server.isRunning()) {
            server.start();
        }
    }

    /** With all of its links; what was held on them goes nowhere. */
    void kill() {
        server.kill();
        dataSources.resetAll();
        disarm();
    }

    /** As {@link #kill}, but the databases do not learn of it. What was stalled goes nowhere. */
    void killLeavingSessions() {
        Arrays.stream(Link.values()).map(this::proxy).forEach(FaultProxy::leaveHalfOpen);
        server.kill();
        disarm();
    }

    /** The databases learn it now. */
    void endSessions() {
        dataSources.resetAll();
    }

    /** Until it has halted itself. */
    void awaitDeath(Duration bound) {
        await().atMost(bound).until(() -> !server.isRunning());
        disarm();
    }

    private void disarm() {
        Arrays.stream(Link.values()).map(this::proxy).forEach(FaultProxy::disarmAll);
    }

    /**
     * @param query of {@link TransactionServlet}
     * @return the status of the answer
     */
    CompletableFuture<Integer> transaction(String query) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/crash/?" + query))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(ANSWER)
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    @Override
    public void close() {
        opened.close();
    }
}

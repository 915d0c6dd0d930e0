// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.WildFly;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A WildFly that is killed in mid-transaction and started again: both rows or none, and nothing left prepared. It is not
 * the one of the stage, and its transaction manager has another node id: each finishes only its own branches.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before all tests
class CrashIT {

    private static final Duration REACHED = Duration.ofMinutes(1);
    private static final Duration RECOVERED = Duration.ofMinutes(2);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<Link, FaultProxy> proxies = new EnumMap<>(Link.class);
    private WildFly server;

    @BeforeAll
    void open() throws Exception {
        MariaDb database = Stage.database();
        Map<String, String> properties = new HashMap<>();
        for (Link link : Link.values()) {
            FaultProxy proxy = FaultProxy.of(database);
            opened.push(proxy);
            proxies.put(link, proxy);
            properties.putAll(Stage.properties(link, database, proxy));
        }
        server = new WildFly(Stage.options(database)
                .withNodeId("crash")
                .withProperty("com.arjuna.ats.jta.orphanSafetyInterval", "1000"));
        opened.push(server);
        opened.push(() -> Stage.keepLog(server, "wildfly-crash.log"));
        Stage.configure(server, properties);
        Path deployments = server.base().resolve("deployments");
        Files.copy(Stage.deployment("reprise.rar"), deployments.resolve("reprise.rar"));
        Application.with(TransactionServlet.class)
                .as(ZipExporter.class)
                .exportTo(deployments.resolve("crash.war").toFile());
    }

    @AfterAll
    void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @BeforeEach
    void clear() throws Exception {
        if (!server.isRunning()) {
            server.start();
        }
        Rows.clear();
    }

    @Test
    void killedBetweenPrepareAndCommitIsCommittedByRecovery() throws Exception {
        killAt("XA COMMIT", Link.REPRISE, 2);
        assertThat(Link.REPRISE.faults().preparedXids()).hasSize(2);
        assertThat(Rows.stored()).isZero();
        server.start();
        await().atMost(RECOVERED).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
        Rows.awaitNonePrepared();
    }

    @Test
    void killedBeforeTheDecisionIsRolledBackByRecovery() throws Exception {
        killAt("XA PREPARE", Link.SECOND, 2);
        assertThat(Link.REPRISE.faults().preparedXids()).hasSize(1);
        server.start();
        await().atMost(RECOVERED)
                .untilAsserted(
                        () -> assertThat(Link.REPRISE.faults().preparedXids()).isEmpty());
        assertThat(Rows.stored()).isZero();
    }

    /** Leaves the server dead, so it saves a start to come last. */
    @Test
    @Order(Integer.MAX_VALUE)
    void killedBeforeAOnePhaseCommitIsRolledBackByTheDatabase() throws Exception {
        killAt("ONE PHASE", Link.REPRISE, 1);
        assertThat(Link.REPRISE.faults().preparedXids()).isEmpty();
        await().atMost(RECOVERED).untilAsserted(Rows::insertPastTheProxies);
        assertThat(Rows.stored()).isOne();
    }

    /** The request that is held must not go on its way when it is let go. */
    private void killAt(String request, Link link, int resources) {
        var pause = Objects.requireNonNull(proxies.get(link)).onRequest(request).pauseBefore();
        CompletableFuture<?> transaction = post(resources);
        pause.awaitHit(REACHED);
        assertThat(transaction).isNotDone();
        server.kill();
        proxies.values().forEach(FaultProxy::resetAll);
        pause.release();
    }

    private CompletableFuture<?> post(int resources) {
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.httpPort() + "/crash/?resources=" + resources))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(REACHED)
                .build();
        return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}

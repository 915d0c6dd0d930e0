// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.WildFly;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    private DataSources dataSources;
    private WildFly server;

    @BeforeAll
    void open() throws Exception {
        dataSources = new DataSources(Stage.databases());
        opened.push(dataSources);
        server = new WildFly(Stage.options(Stage.databases())
                .withNodeId("crash")
                .withProperty("com.arjuna.ats.jta.orphanSafetyInterval", "1000"));
        opened.push(server);
        opened.push(() -> Stage.keepLog(server, "wildfly-crash.log"));
        server.start();
        dataSources.configureAdapter(server);
        Stage.deployAdapter(server);
        Path war = Files.createDirectories(Path.of("target")).resolve("crash.war");
        Application.with(TransactionServlet.class).as(ZipExporter.class).exportTo(war.toFile(), true);
        server.deploy(war);
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

    @ParameterizedTest
    @CsvSource({"REPRISE, SECOND", "POSTGRESQL, POSTGRESQL_SECOND", "REPRISE, POSTGRESQL", "POSTGRESQL, REPRISE"})
    void killedBetweenPrepareAndCommitIsCommittedByRecovery(Link first, Link second) throws Exception {
        killAt(first.dialect().commitPrepared(), first, first, second);
        assertThat(Rows.prepared()).isEqualTo(2);
        assertThat(Rows.stored()).isZero();
        server.start();
        await().atMost(RECOVERED).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
        Rows.awaitNonePrepared();
    }

    @ParameterizedTest
    @CsvSource({"REPRISE, SECOND", "POSTGRESQL, POSTGRESQL_SECOND", "REPRISE, POSTGRESQL", "POSTGRESQL, REPRISE"})
    void killedBeforeTheDecisionIsRolledBackByRecovery(Link first, Link second) throws Exception {
        killAt(second.dialect().prepare(), second, first, second);
        assertThat(Rows.prepared()).isOne();
        server.start();
        await().atMost(RECOVERED)
                .untilAsserted(() -> assertThat(Rows.prepared()).isZero());
        assertThat(Rows.stored()).isZero();
    }

    /** Leaves the server dead, so it saves a start to come last. */
    @ParameterizedTest
    @CsvSource({"REPRISE", "POSTGRESQL"})
    @Order(Integer.MAX_VALUE)
    void killedBeforeAOnePhaseCommitIsRolledBackByTheDatabase(Link link) throws Exception {
        killAt(link.dialect().decision(), link, link);
        assertThat(Rows.prepared()).isZero();
        await().atMost(RECOVERED).untilAsserted(() -> Rows.insertPastTheProxies(link));
        assertThat(Rows.stored()).isOne();
    }

    /** The request that is held must not go on its way when it is let go. */
    private void killAt(String request, Link link, Link... resources) {
        var pause = dataSources.proxy(link).onRequest(request).pauseBefore();
        CompletableFuture<?> transaction = post(resources);
        pause.awaitHit(REACHED);
        assertThat(transaction).isNotDone();
        server.kill();
        dataSources.resetAll();
        pause.release();
    }

    private CompletableFuture<?> post(Link... resources) {
        String query = Arrays.stream(resources).map(link -> "link=" + link).collect(Collectors.joining("&"));
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/crash/?" + query))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(REACHED)
                .build();
        return HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }
}

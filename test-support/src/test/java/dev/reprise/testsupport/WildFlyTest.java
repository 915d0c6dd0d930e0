// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(240)
class WildFlyTest {

    private static WildFly server;

    @TempDir
    private Path folder;

    /** Also shows that a server can be configured before it runs. */
    @BeforeAll
    static void start() {
        server = new WildFly(WildFlyOptions.defaults()
                .withNodeId("tested")
                .withProperty("tested.property", "two words")
                .withEnvironment("TESTED_VARIABLE", "from the environment")
                .withJvmArgument("-Dtested.jvm=yes")
                .withQuickRecovery());
        server.cli("/system-property=tested.offline:add(value=before)");
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
        assertThat(server.base()).doesNotExist();
        assertThat(server.isRunning()).isFalse();
    }

    private static String resolved(String... names) {
        return server.cli(Stream.of(names)
                .map(name -> ":resolve-expression(expression=\"${" + name + "}\")")
                .toArray(String[]::new));
    }

    private String get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private Path script(String... lines) throws IOException {
        return Files.writeString(folder.resolve("script.cli"), String.join("\n", lines));
    }

    private static void zip(Path archive, String entry, String content) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void hasTheOptionsThatWereGiven() {
        assertThat(resolved(
                        "jboss.tx.node.id",
                        "tested.property",
                        "env.TESTED_VARIABLE",
                        "tested.jvm",
                        "tested.offline",
                        "java.home"))
                .containsSubsequence(
                        "\"tested\"",
                        "\"two words\"",
                        "\"from the environment\"",
                        "\"yes\"",
                        "\"before\"",
                        System.getProperty("java.home"));
    }

    @Test
    void failingCommandIsAnExceptionWithItsMessage() {
        assertThatIllegalStateException()
                .isThrownBy(() -> server.cli(":no-such-operation", "/system-property=tested.never:add(value=x)"))
                .withMessageContaining("no-such-operation")
                .withMessageContaining("WFLYCTL0031");
        assertThat(server.cli(":read-children-names(child-type=system-property)"))
                .doesNotContain("tested.never");
    }

    @Test
    void scriptGetsPropertiesAndLeavesExpressionsToTheServer() throws IOException {
        Path script = script(
                "set value=\"${script.value}\"",
                "/system-property=tested.script:add(value=$value)",
                "/system-property=tested.expression:add(value=\"${env.TESTED_VARIABLE}\")");
        server.cliScript(script, Map.of("script.value", "http://h?a=b&c=ü"));
        assertThat(server.cli(
                        "/system-property=tested.script:read-attribute(name=value)",
                        "/system-property=tested.expression:read-attribute(name=value)"))
                .containsSubsequence("\"http://h?a=b&c=ü\"", "expression \"${env.TESTED_VARIABLE}\"");
    }

    @Test
    void deploysReplacesAndUndeploys() throws Exception {
        Path archive = folder.resolve("some page.war");
        for (String text : new String[] {"first", "second"}) {
            zip(archive, "index.html", text);
            server.deploy(archive);
            assertThat(get("/some%20page/")).isEqualTo(text);
        }
        server.undeploy("some page.war");
        assertThat(get("/some%20page/")).doesNotContain("second");
    }

    @Test
    void comesBackAfterKillAndAfterStopOnTheSamePorts() throws Exception {
        int port = server.httpPort();
        server.cli("/system-property=tested.kept:add(value=kept)");
        server.kill();
        assertThat(server.isRunning()).isFalse();
        server.start();
        assertThat(resolved("tested.kept")).contains("\"kept\"");
        server.restart();
        assertThat(server.httpPort()).isEqualTo(port);
        assertThat(get("/")).contains("WildFly");
        assertThat(server.readLog()).contains("WFLYSRV0050"); // stopped in good order, once
        assertThat(server.readLog().split("WFLYSRV0025", -1)).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void startWithErrorsIsAnExceptionUnlessAllowed() throws IOException {
        try (var strict = new WildFly(WildFlyOptions.defaults());
                var patient = new WildFly(WildFlyOptions.defaults().allowingBootErrors())) {
            for (WildFly each : List.of(strict, patient)) {
                zip(each.base().resolve("deployments/broken.war"), "WEB-INF/web.xml", "no XML");
            }
            assertThatIllegalStateException()
                    .isThrownBy(strict::start)
                    .withMessageStartingWith("WildFly started with errors")
                    .withMessageContaining("broken.war");
            assertThat(strict.isRunning()).isFalse();
            patient.start();
            Awaitility.await().until(() -> patient.readLog().contains("WFLYSRV0026")); // logged after the marker is set
            assertThat(patient.httpPort()).isNotEqualTo(server.httpPort());
            assertThat(patient.cli(":read-children-names(child-type=system-property)"))
                    .doesNotContain("tested");
        }
        assertThat(server.isRunning()).isTrue();
    }

    @Test
    void serverThatEndsAtOnceSaysWhy() {
        try (var broken = new WildFly(WildFlyOptions.defaults().withJvmArgument("-XX:NoSuchFlag"))) {
            assertThatIllegalStateException()
                    .isThrownBy(broken::start)
                    .withMessageStartingWith("WildFly did not start")
                    .withMessageContaining("NoSuchFlag");
        }
    }

    @Test
    void missingHomeSaysWhatIsAllowed() {
        String home = System.getProperty("wildfly.home");
        try {
            System.setProperty("wildfly.home", "/nowhere");
            assertThatIllegalStateException()
                    .isThrownBy(WildFly::home)
                    .withMessage("wildfly.home=/nowhere: must be the folder of an unpacked WildFly, the one with"
                            + " bin/standalone.sh");
        } finally {
            System.setProperty("wildfly.home", home);
        }
    }
}

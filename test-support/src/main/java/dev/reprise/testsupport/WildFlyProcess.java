// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The process of a WildFly, its ports and what it prints. */
final class WildFlyProcess {

    private static final int HTTP = 8080;
    private static final int MANAGEMENT = 9990;
    private static final List<Integer> PORTS = List.of(HTTP, 8443, 8009, MANAGEMENT, 9993, 4712, 4713);

    private final WildFlyOptions options;
    private final Path base;
    private final Path console;

    /** The server writes here how its start has ended: {@code success:...} or {@code error:...}. */
    private final Path marker;

    private int offset = Ports.freeOffset(PORTS);
    private boolean startedOnce;
    private volatile @Nullable Child process;

    WildFlyProcess(WildFlyOptions options, Path base) {
        this.options = options;
        this.base = base;
        this.console = base.resolve("console.log");
        this.marker = base.resolve("tmp/startup-marker");
    }

    Path base() {
        return base;
    }

    int httpPort() {
        return HTTP + offset;
    }

    int managementPort() {
        return MANAGEMENT + offset;
    }

    boolean isAlive() {
        Child current = process;
        return current != null && current.isAlive();
    }

    void start(Duration timeout) {
        try {
            tryToStart(timeout);
        } catch (IllegalStateException e) {
            if (startedOnce || !Folders.read(console).contains("Address already in use")) {
                throw e;
            }
            offset = Ports.freeOffset(PORTS);
            tryToStart(timeout);
        }
        startedOnce = true;
    }

    private void tryToStart(Duration timeout) {
        if (isAlive()) {
            throw new IllegalStateException("WildFly in " + base + " is running");
        }
        process = launch();
        boolean booted = Await.until(timeout, () -> !marked().isEmpty() || !isAlive()) && isAlive();
        if (!booted || (!options.bootErrorsAllowed() && marked().startsWith("error"))) {
            kill();
            throw new IllegalStateException((booted ? "WildFly started with errors" : "WildFly did not start")
                    + " within " + timeout + ":\n" + Folders.read(console));
        }
    }

    /** Empty as long as the server has made the file but not written to it. */
    private String marked() {
        return Folders.read(marker).strip();
    }

    private Child launch() {
        try {
            Files.deleteIfExists(marker);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not delete " + marker, e);
        }
        var command = new ArrayList<>(List.of(
                options.home().resolve("bin/standalone.sh").toString(),
                "-Djboss.server.base.dir=" + base,
                "-Djboss.socket.binding.port-offset=" + offset,
                "-Djboss.tx.node.id=" + options.nodeId()));
        options.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(console.toFile());
        JBossCli.environment(builder.environment());
        builder.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true"); // passes SIGTERM on to Java
        builder.environment().put("PREPEND_JAVA_OPTS", String.join(" ", options.jvmArguments()));
        builder.environment().putAll(options.environment());
        return Child.start(builder);
    }

    void kill() {
        Child current = process;
        if (current != null) {
            current.kill();
        }
    }

    void stop(Duration timeout) {
        Child current = process;
        if (current != null) {
            current.stop(timeout);
        }
    }
}

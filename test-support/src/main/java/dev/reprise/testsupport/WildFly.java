// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A WildFly server as a process, with its own folder for configuration, deployments, log and transactions, and on free
 * ports, which stay the same over restarts. It ends with {@link #close} and with the JVM, and its folder is deleted
 * then. To be used by one thread at a time.
 */
public final class WildFly implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(120);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final int HTTP = 8080;
    private static final int MANAGEMENT = 9990;
    private static final List<Integer> PORTS = List.of(HTTP, 8443, 8009, MANAGEMENT, 9993, 4712, 4713);

    private final WildFlyOptions options;
    private final Path base = Folders.temporary("reprise-wildfly-");
    private final JBossCli cli;
    private final AtExit atExit = new AtExit("reprise-wildfly-end", this::end);
    private int offset = Ports.freeOffset(PORTS);
    private boolean startedOnce;
    private volatile Child server;

    /** Makes the server's folder; nothing is started yet. */
    public WildFly(WildFlyOptions options) {
        this.options = options;
        this.cli = new JBossCli(options.home(), base);
        try {
            Files.createDirectories(base.resolve("deployments"));
            Folders.copy(options.home().resolve("standalone/configuration"), base.resolve("configuration"));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("Could not copy the configuration of " + options.home(), e);
        }
    }

    /**
     * The distribution that the system property {@code wildfly.home} names.
     *
     * @throws IllegalStateException if it is not set, or there is none
     */
    public static Path home() {
        String home = System.getProperty("wildfly.home", "");
        if (!Files.isRegularFile(Path.of(home).resolve("bin/standalone.sh"))) {
            throw new IllegalStateException("-Dwildfly.home=" + home
                    + ": must be the folder of an unpacked WildFly, with bin/standalone.sh in it");
        }
        return Path.of(home).toAbsolutePath();
    }

    public int httpPort() {
        return HTTP + offset;
    }

    public int managementPort() {
        return MANAGEMENT + offset;
    }

    /** With the folders {@code configuration}, {@code log} and {@code data}. */
    public Path base() {
        return base;
    }

    /** Of this server since its folder was made, over restarts. */
    public Path logFile() {
        return base.resolve("log/server.log");
    }

    public String readLog() {
        return Folders.read(logFile());
    }

    private Path console() {
        return base.resolve("console.log");
    }

    /** Starts with the default bound of two minutes. */
    public WildFly start() {
        return start(START);
    }

    /**
     * Starts it, for the first time or after {@link #kill} or {@link #stop}, and waits. Where another process took a
     * port in the meantime, the first start is tried once more with other ports.
     *
     * @throws IllegalStateException if it does not start in time, or with errors that are not allowed
     */
    public WildFly start(Duration timeout) {
        launch();
        try {
            awaitStarted(timeout);
        } catch (IllegalStateException e) {
            server.kill();
            if (startedOnce || !Folders.read(console()).contains("Address already in use")) {
                throw e;
            }
            offset = Ports.freeOffset(PORTS);
            launch();
            awaitStarted(timeout);
        }
        startedOnce = true;
        return this;
    }

    /** Does not wait. Together with {@link #awaitStarted}, for who has something to do in between. */
    public void launch() {
        if (server != null && server.isAlive()) {
            throw new IllegalStateException("WildFly in " + base + " is running");
        }
        var command = new ArrayList<>(
                List.of(options.home().resolve("bin/standalone.sh").toString()));
        command.add("-Djboss.server.base.dir=" + base);
        command.add("-Djboss.socket.binding.port-offset=" + offset);
        command.add("-Djboss.tx.node.id=" + options.nodeId());
        options.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(console().toFile());
        JBossCli.environment(builder.environment());
        builder.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true"); // passes SIGTERM on to Java
        builder.environment().put("PREPEND_JAVA_OPTS", String.join(" ", options.jvmArguments()));
        builder.environment().putAll(options.environment());
        server = Child.start(builder);
    }

    /** @throws IllegalStateException as {@link #start} does */
    public void awaitStarted(Duration timeout) {
        if (!Await.until(timeout, () -> hasBooted() || !server.isAlive()) || !hasBooted()) {
            throw new IllegalStateException(
                    "WildFly did not start within " + timeout + "; its log ends with\n" + Folders.tail(console()));
        }
        if (!options.bootErrorsAllowed() && Folders.read(console()).contains("WFLYSRV0026")) {
            throw new IllegalStateException("WildFly started with errors:\n" + Folders.read(console()));
        }
    }

    /** 25 is a start without errors, 26 one with errors. */
    private boolean hasBooted() {
        String printed = Folders.read(console());
        return printed.contains("WFLYSRV0025") || printed.contains("WFLYSRV0026");
    }

    /** As {@code SIGKILL} does; returns when the process is gone. */
    public void kill() {
        if (server != null) {
            server.kill();
        }
    }

    /** In good order, within a minute; otherwise killed. */
    public void stop() {
        if (server != null) {
            server.stop(STOP);
        }
    }

    public void restart() {
        stop();
        start();
    }

    /**
     * Runs commands on the running server, or on its configuration if it is not running, and ends at the first that
     * fails.
     *
     * @return what the CLI printed
     * @throws IllegalStateException if a command fails, with what the CLI printed
     */
    public String cli(String... commands) {
        return isRunning()
                ? cli.run(connected(), List.of(commands), Map.of())
                : cli.run(List.of(), offline(List.of(commands)), Map.of());
    }

    /** Runs a file on the running server, exactly as {@code bin/jboss-cli.sh --connect --file=... --properties=...}. */
    public String cliScript(Path script, Map<String, String> properties) {
        if (isRunning()) {
            return cli.run(connected(), script, properties);
        }
        try {
            return cli.run(List.of(), offline(Files.readAllLines(script)), properties);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read " + script, e);
        }
    }

    private boolean isRunning() {
        return server != null && server.isAlive();
    }

    private List<String> connected() {
        return List.of("--connect", "--controller=127.0.0.1:" + managementPort());
    }

    private List<String> offline(List<String> commands) {
        var all = new ArrayList<>(List.of("embed-server --std-out=discard"));
        all.addAll(commands);
        all.add("stop-embedded-server");
        return all;
    }

    /** Replaces what is deployed under this file name. */
    public void deploy(Path archive) {
        cli("deploy --force \"" + archive.toAbsolutePath() + '"');
    }

    public void undeploy(String name) {
        cli("undeploy " + name);
    }

    /** Also ends its process. Can be called again. */
    @Override
    public void close() {
        atExit.close();
        end();
    }

    private void end() {
        kill();
        Folders.delete(base);
    }
}

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
 * A WildFly as a process, with its own folder for configuration, deployments, log and transactions, and on free ports,
 * which stay the same over restarts. It ends with {@link #close} and with the JVM, and its folder is deleted then. To be
 * used by one thread at a time.
 */
public final class WildFly implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);

    private final WildFlyProcess server;
    private final JBossCli cli;
    private final AtExit atExit;

    /** Makes the server's folder; nothing is started yet. */
    public WildFly(WildFlyOptions options) {
        server = new WildFlyProcess(options, Folders.temporary("reprise-wildfly-"));
        cli = new JBossCli(options.home(), base());
        atExit = new AtExit("reprise-wildfly-end", this::end);
        Path configuration = options.home().resolve("standalone/configuration");
        try {
            Files.createDirectories(base().resolve("deployments"));
            Folders.copy(configuration, base().resolve("configuration"));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("Could not copy " + configuration, e);
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
            throw new IllegalStateException("wildfly.home=" + home
                    + ": must be the folder of an unpacked WildFly, the one with bin/standalone.sh");
        }
        return Path.of(home).toAbsolutePath();
    }

    public int httpPort() {
        return server.httpPort();
    }

    public int managementPort() {
        return server.managementPort();
    }

    /** With the folders {@code configuration}, {@code deployments}, {@code log} and {@code data}. */
    public Path base() {
        return server.base();
    }

    /** Of this server since its folder was made, over all starts. */
    public Path logFile() {
        return base().resolve("log/server.log");
    }

    public String readLog() {
        return Folders.read(logFile());
    }

    /** Starts with a bound of two minutes. */
    public WildFly start() {
        return start(START);
    }

    /**
     * Starts it, for the first time or after {@link #kill} or {@link #stop}, and waits until everything that is deployed
     * has started. If another process has taken a port, the first start is tried once more with other ports.
     *
     * @throws IllegalStateException if it does not start in time, or with errors that are not allowed; what it printed
     */
    public WildFly start(Duration timeout) {
        server.start(timeout);
        return this;
    }

    public boolean isRunning() {
        return server.isAlive();
    }

    /** As {@code SIGKILL} does; returns when the process is gone. */
    public void kill() {
        server.kill();
    }

    /** In good order, within a minute; otherwise killed. */
    public void stop() {
        server.stop(STOP);
    }

    public void restart() {
        stop();
        start();
    }

    /**
     * Runs commands on the running server, or on its configuration if it is not running; ends at the first that fails.
     *
     * @return what the CLI printed
     * @throws IllegalStateException if a command fails, with what the CLI printed
     */
    public String cli(String... commands) {
        return run(List.of(commands), List.of());
    }

    /**
     * As {@link #cli} with the commands of a file. On the running server it is exactly {@code bin/jboss-cli.sh --connect
     * --file=... --properties=...}.
     */
    public String cliScript(Path script, Map<String, String> properties) {
        List<String> options = List.of("--properties=" + cli.file(properties));
        if (isRunning()) {
            return cli.run(connected(options), script);
        }
        try {
            return run(Files.readAllLines(script), options);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read " + script, e);
        }
    }

    private String run(List<String> commands, List<String> options) {
        if (isRunning()) {
            return cli.run(connected(options), cli.script(commands));
        }
        var offline = new ArrayList<>(List.of("embed-server --std-out=echo"));
        offline.addAll(commands);
        offline.add("stop-embedded-server");
        var all = new ArrayList<>(options);
        all.add("-Djboss.server.base.dir=" + base());
        return cli.run(all, cli.script(offline));
    }

    private List<String> connected(List<String> options) {
        var all = new ArrayList<>(List.of("--connect", "--controller=127.0.0.1:" + managementPort()));
        all.addAll(options);
        return all;
    }

    /** Also replaces what is deployed under this file name. */
    public void deploy(Path archive) {
        cli("deploy --force \"" + archive.toAbsolutePath() + '"');
    }

    public void undeploy(String name) {
        cli("undeploy " + name.replace(" ", "\\ "));
    }

    /** Also ends its process. Can be called again. */
    @Override
    public void close() {
        atExit.close();
        end();
    }

    private void end() {
        server.kill();
        Folders.delete(base());
    }
}

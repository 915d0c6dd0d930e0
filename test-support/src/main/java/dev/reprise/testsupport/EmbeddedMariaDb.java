// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The server as a child process, from the binaries of a Maven artifact. Listens on 127.0.0.1 only. */
final class EmbeddedMariaDb implements MariaDb {

    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Path binaries = MariaDbBinaries.folder();
    private final Path folder = Folders.temporary("reprise-db-");
    private final Path log = folder.resolve("error.log");
    private final AtExit atExit = new AtExit("reprise-db-end", this::end);
    private final MariaDbOptions options;
    private final int port = Ports.free();
    private volatile Child server;

    EmbeddedMariaDb(MariaDbOptions options) {
        this.options = options;
        try {
            install();
            server = launch();
            awaitStarted();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The users exist from the first start on, so no unprotected server ever listens. */
    private void install() {
        Path output = folder.resolve("install.log");
        var command = asThisUser(
                binaries.resolve("scripts/mariadb-install-db"),
                "--basedir=" + binaries,
                "--datadir=" + folder.resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--skip-name-resolve",
                "--extra-file=" + users());
        int status = Child.start(
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()))
                .awaitEnd(START);
        if (status != 0) {
            throw new IllegalStateException("mariadb-install-db failed with " + status + ":\n" + Folders.tail(output));
        }
    }

    private Path users() {
        try {
            return Files.writeString(folder.resolve("users.sql"), """
                    delete from mysql.global_priv;
                    flush privileges;
                    create user '%1$s'@'%%' identified by '%2$s';
                    grant all on *.* to '%1$s'@'%%' with grant option;
                    create database %3$s;
                    create user '%4$s'@'%%' identified by '%5$s';
                    grant all on %3$s.* to '%4$s'@'%%';
                    """.formatted(
                            rootUser(), rootPassword(), database(), user(), password()));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write to " + folder, e);
        }
    }

    /** Without TLS: the server would make itself a key at each start, which has taken from 3 to 25 s. */
    private Child launch() {
        var command = asThisUser(
                binaries.resolve("bin/mariadbd"),
                "--basedir=" + binaries,
                "--datadir=" + folder.resolve("data"),
                "--lc-messages-dir=" + binaries.resolve("share"),
                "--tmpdir=" + folder,
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + folder.resolve("s"),
                "--pid-file=" + folder.resolve("pid"),
                "--log-error=" + log,
                "--skip-ssl");
        command.addAll(options.serverArguments());
        return Child.start(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /** The server refuses to run as root unless it is told to. */
    private static List<String> asThisUser(Path program, String... arguments) {
        var command = new ArrayList<>(List.of(program.toString(), "--no-defaults"));
        command.addAll(List.of(arguments));
        command.add("--user=" + System.getProperty("user.name"));
        return command;
    }

    private void awaitStarted() {
        Child started = server;
        boolean ready = Await.until(START, () -> !started.isAlive() || isReady());
        if (!ready || !started.isAlive()) {
            throw new IllegalStateException("MariaDB did not start; its log ends with\n" + Folders.tail(log));
        }
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
    }

    long pid() {
        return server.pid();
    }

    Path folder() {
        return folder;
    }

    @Override
    public void start() {
        if (server.isAlive()) {
            throw new IllegalStateException("MariaDB on port " + port + " is running");
        }
        server = launch();
        try {
            awaitStarted();
        } catch (IllegalStateException e) {
            if (server.isAlive()) {
                throw e;
            }
            startAfterItsAbort(e);
        }
    }

    /** InnoDB's purge may abort when a server is started that was killed (11.4.5, seen once: rbt_tree_add_child). */
    private void startAfterItsAbort(IllegalStateException first) {
        System.out.println(first.getMessage());
        server = launch();
        awaitStarted();
    }

    @Override
    public void kill() {
        server.kill();
    }

    @Override
    public void stop() {
        server.stop(STOP);
    }

    @Override
    public void suspend() {
        server.signal("STOP");
    }

    @Override
    public void resume() {
        server.signal("CONT");
    }

    @Override
    public void close() {
        atExit.close();
        end();
    }

    private void end() {
        if (server != null) {
            server.kill();
        }
        Folders.delete(folder);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The server as a child process, from the binaries of a Maven artifact. Listens on 127.0.0.1 only, to TCP only. */
final class EmbeddedPostgreSql implements PostgreSql {

    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(5);

    private final Path binaries = PostgreSqlBinaries.folder();
    private final Path folder = Folders.temporary("reprise-pg-");
    private final Path data = folder.resolve("data");
    private final Path log = folder.resolve("error.log");
    private final AtExit atExit = new AtExit("reprise-pg-end", this::end);
    private final PostgreSqlOptions options;
    private final int port = Ports.free();
    private volatile Child server;

    EmbeddedPostgreSql(PostgreSqlOptions options) {
        this.options = options;
        try {
            install();
            server = launch();
            awaitStarted(this::acceptsAdministrator);
            addUser();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * A standby of another, with a copy of its data. Is not started yet.
     *
     * @param stopped in good order, and not started before this returns
     */
    @SuppressWarnings("NullAway.Init")
    EmbeddedPostgreSql(PostgreSqlOptions options, EmbeddedPostgreSql stopped) {
        this.options = options;
        try {
            Folders.copy(stopped.data, data);
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
            follow(stopped);
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("Could not copy " + stopped.data, e);
        }
    }

    /** From the next start on it is a standby of this one. To be called while it is stopped. */
    void follow(EmbeddedPostgreSql primary) {
        try {
            Files.write(data.resolve("standby.signal"), new byte[0]);
            Files.writeString(
                    data.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=%s port=%d user=%s password=%s'%n"
                            .formatted(primary.host(), primary.port(), rootUser(), rootPassword()));
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write to " + data, e);
        }
    }

    /** The administrator has his password from the first start on, so no unprotected server ever listens. */
    private void install() {
        Path output = folder.resolve("install.log");
        var command = asOrdinaryUser(
                "initdb",
                "--pgdata=" + data,
                "--username=" + rootUser(),
                "--pwfile=" + secret(),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C");
        int status = Child.start(
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()))
                .awaitEnd(START);
        if (status != 0) {
            throw new IllegalStateException("initdb failed with " + status + ":\n" + Folders.tail(output));
        }
    }

    private Path secret() {
        try {
            return Files.writeString(folder.resolve("secret"), rootPassword());
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write to " + folder, e);
        }
    }

    /** What it shares between its processes lies in its folder, where it goes with it. */
    private Child launch() {
        var command = asOrdinaryUser(
                "postgres",
                "-D",
                data.toString(),
                "--port=" + port,
                "--listen-addresses=127.0.0.1",
                "--unix-socket-directories=",
                "--dynamic-shared-memory-type=mmap",
                "--ssl=off");
        command.addAll(options.serverArguments());
        return Child.start(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /**
     * The server refuses to run as root, and to be told otherwise; in a user namespace of its own it takes itself for
     * nobody. In a session of its own Ctrl-C does not reach it.
     */
    private List<String> asOrdinaryUser(String program, String... arguments) {
        var command = new ArrayList<>(List.of("setsid"));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(binaries.resolve("bin").resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private interface Readiness {
        boolean isReached();
    }

    private void awaitStarted(Readiness readiness) {
        Child started = server;
        boolean ready = Await.until(START, () -> !started.isAlive() || readiness.isReached());
        if (!ready || !started.isAlive()) {
            throw new IllegalStateException("PostgreSQL did not start; its log ends with\n" + Folders.tail(log));
        }
    }

    private Connection postgres() throws SQLException {
        String url = "jdbc:postgresql://" + host() + ":" + port + "/postgres?sslmode=disable" + patience(STOP);
        return DriverManager.getConnection(url, rootUser(), rootPassword());
    }

    private boolean acceptsAdministrator() {
        try (Connection connection = postgres()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private void addUser() {
        try (Connection connection = postgres();
                var statement = connection.createStatement()) {
            statement.execute("create user " + user() + " password " + statement.enquoteLiteral(password()));
            statement.execute("create database " + database() + " owner " + user());
        } catch (SQLException e) {
            throw new IllegalStateException("No user and no database for tests", e);
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
        if (server != null && server.isAlive()) {
            throw new IllegalStateException("PostgreSQL on port " + port + " is running");
        }
        server = launch();
        awaitStarted(this::isReady);
    }

    /** Held first, since it would go on making processes while they are being counted. */
    @Override
    public void kill() {
        if (server.isAlive()) {
            server.signal("STOP");
        }
        server.kill();
    }

    /** Sessions are ended, not waited for. */
    @Override
    public void stop() {
        server.stop("INT", STOP);
    }

    @Override
    public void suspend() {
        server.signalAll("STOP");
    }

    @Override
    public void resume() {
        server.signalAll("CONT");
    }

    @Override
    public void close() {
        atExit.close();
        end();
    }

    /** At once, but not by {@code SIGKILL}, which leaves a piece of System V shared memory behind. */
    private void end() {
        if (server != null) {
            server.stop("QUIT", END);
        }
        Folders.delete(folder);
    }
}

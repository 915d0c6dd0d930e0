// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.Half;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.WildFly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Everything that the demo runs on. Closing it ends and removes everything, also what was half built. */
final class Stage implements AutoCloseable {

    /** Recovery every few seconds instead of minutes, and no warning for each transaction that the demo breaks. */
    private static final List<String> SERVER = List.of(
            "-Djboss.tx.node.id=demo",
            "-Dcom.arjuna.ats.arjuna.recovery.periodicRecoveryPeriod=5",
            "-Dcom.arjuna.ats.arjuna.recovery.recoveryBackoffPeriod=1");

    private final Settings settings;
    private final Consumer<String> say;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Stage(Settings settings, Consumer<String> say) {
        this.settings = settings;
        this.say = say;
    }

    /** @param <T> what is to be closed with the stage */
    private <T extends AutoCloseable> T keep(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Without a binlog, since with it a one-phase commit of an XA transaction would not survive a crash of the server. */
    MariaDb database() {
        say.accept("Starting MariaDB ...");
        return keep(MariaDb.start(MariaDb.Options.plain()));
    }

    Side side(Half half, MariaDb database) throws SQLException {
        return keep(Side.create(half, database));
    }

    /** @return the address of the bank's page */
    URI bank(Side reprise, Side wildFly) throws IOException {
        say.accept("Starting WildFly ...");
        var server = new WildFly(settings.wildFly(), SERVER);
        keep(server);
        keep(() -> keepLog(server));
        Files.copy(settings.driver(), server.base().resolve("deployments/mariadb.jar"));
        server.start();
        say.accept("Configuring both datasources and deploying ...");
        server.cliScript(settings.scripts().resolve("reprise.cli"), reprise.properties());
        server.cliScript(settings.scripts().resolve("wildfly-xa-datasource.cli"), wildFly.properties());
        server.cli("deploy " + settings.adapter(), "deploy " + settings.bank());
        return URI.create("http://127.0.0.1:" + server.httpPort() + "/bank/");
    }

    private void keepLog(WildFly server) {
        try {
            Path log = server.base().resolve("console.log");
            if (Files.exists(log)) {
                Files.copy(log, settings.log(), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The server's log could not be kept", e);
        }
    }

    /** All is tried, whatever fails on the way. */
    @Override
    public void close() {
        var failure = new IllegalStateException("Not everything could be ended");
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) { // close() may throw anything
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}

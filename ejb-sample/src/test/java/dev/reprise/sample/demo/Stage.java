// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.Half;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.Opened;
import dev.reprise.testsupport.WildFly;
import dev.reprise.testsupport.WildFlyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Everything that the demo runs on. Closing it ends and removes everything, also what was half built. */
final class Stage implements AutoCloseable {

    /** The faults make the server log megabytes in a minute: only the last of them are kept. */
    private static final List<String> SMALL_LOG = List.of(
            "/subsystem=logging/size-rotating-file-handler=DEMO:add(file={path=demo.log,relative-to=jboss.server.log.dir},"
                    + "rotate-size=10m,max-backup-index=1,append=false,named-formatter=PATTERN)",
            "/subsystem=logging/root-logger=ROOT:add-handler(name=DEMO)",
            "/subsystem=logging/root-logger=ROOT:remove-handler(name=FILE)",
            "/subsystem=logging/root-logger=ROOT:remove-handler(name=CONSOLE)");

    private final Settings settings;
    private final Consumer<String> say;
    private final Opened opened = new Opened();

    Stage(Settings settings, Consumer<String> say) {
        this.settings = settings;
        this.say = say;
    }

    /** With its binary log on, as in production: a commit in one phase then survives a crash only if it is guarded. */
    MariaDb database() {
        say.accept("Starting MariaDB ...");
        return opened.keep(MariaDb.start(MariaDbOptions.defaults().withBinlog()));
    }

    Side side(Half half, MariaDb database) throws SQLException {
        return opened.keep(Side.create(half, database));
    }

    /** @return the address of the bank's page */
    URI bank(Side reprise, Side wildFly) throws IOException {
        say.accept("Starting WildFly ...");
        WildFly server = opened.keep(new WildFly(options(reprise.server().password())));
        opened.keep(() -> keepLog(server));
        Files.copy(settings.driver(), server.base().resolve("deployments/mariadb.jar"));
        server.start();
        say.accept("Configuring both datasources and deploying ...");
        server.cliScript(settings.scripts().resolve("reprise.cli"), reprise.properties());
        server.cliScript(settings.scripts().resolve("wildfly-xa-datasource.cli"), wildFly.properties());
        var commands = new ArrayList<>(SMALL_LOG);
        commands.add("deploy " + settings.adapter());
        commands.add("deploy " + settings.bank());
        server.cli(commands.toArray(String[]::new));
        return URI.create("http://127.0.0.1:" + server.httpPort() + "/bank/");
    }

    private WildFlyOptions options(String password) {
        Map<String, String> environment = Map.of("REPRISE_PASSWORD", password, "WILDFLY_PASSWORD", password);
        return new WildFlyOptions(settings.wildFly(), "demo", List.of(), Map.of(), environment, false)
                .withQuickRecovery();
    }

    /** Of a server that did not get so far, what it printed. */
    private void keepLog(WildFly server) {
        try {
            Path log = server.base().resolve("log/demo.log");
            Path kept = Files.exists(log) ? log : server.base().resolve("console.log");
            if (Files.exists(kept)) {
                Files.copy(kept, settings.log(), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The server's log could not be kept", e);
        }
    }

    @Override
    public void close() {
        opened.close();
    }
}

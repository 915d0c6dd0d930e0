// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.Half;
import dev.reprise.testsupport.MariaDb;
import java.io.PrintStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Two banks with the same code on the same database server, one on Reprise and one on WildFly's own datasource, while their
 * links are being cut. In the end what the clients were told is compared with what is stored.
 *
 * <p>Ends with 0, or with 1 if Reprise has told a client something that is not so, or the demo itself failed.
 */
public final class Demo {

    private final Settings settings;
    private final PrintStream out;
    private final Stop stop;

    private Demo(Settings settings, PrintStream out, Stop stop) {
        this.settings = settings;
        this.out = out;
        this.stop = stop;
    }

    public static void main(String[] arguments) {
        boolean good;
        try {
            good = new Demo(Settings.of(arguments), System.out, new Stop().listening()).run();
        } catch (Exception e) { // whatever it is: everything is cleared away by now
            e.printStackTrace(System.out);
            System.out.println("demo: FAILED: " + e);
            good = false;
        }
        System.out.flush();
        System.exit(good ? 0 : 1);
    }

    /** @return whether Reprise told the truth, as far as there was time to ask */
    private boolean run() throws Exception {
        Result result;
        try (var stage = new Stage(settings, out::println)) {
            result = onStage(stage);
            out.println("Stopping WildFly and MariaDB.");
        } catch (Exception e) {
            if (!stop.isWanted()) {
                throw e;
            }
            result = null; // Ctrl-C in a terminal also ends the servers that were being started
        }
        if (result == null) {
            out.println("demo: stopped before anything could be compared");
            return true;
        }
        result.print(out);
        return result.isTrue();
    }

    private @Nullable Result onStage(Stage stage) throws Exception {
        MariaDb database = stage.database();
        Side reprise = stage.side(Half.REPRISE, database);
        Side wildFly = stage.side(Half.WILDFLY, database);
        if (stop.isWanted()) {
            return null;
        }
        URI page = stage.bank(reprise, wildFly);
        return new Play(database, reprise, wildFly, page, out).run(stop, settings.length());
    }
}

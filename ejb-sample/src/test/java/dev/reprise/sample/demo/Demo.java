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
 * <p>Runs in the JVM of Maven, which therefore waits until all is cleared away, also after Ctrl-C.
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

    /** @throws IllegalStateException if Reprise has told a client something that is not so */
    public static void main(String[] arguments) throws Exception {
        try (var stop = new Stop().listening()) {
            if (!new Demo(Settings.of(arguments), System.out, stop).run()) {
                throw new IllegalStateException("Reprise has not told the truth, see above");
            }
        } finally {
            System.out.flush();
        }
    }

    /** @return whether Reprise told the truth, as far as there was time to ask */
    private boolean run() throws Exception {
        @Nullable Result result;
        try (var stage = new Stage(settings, out::println)) {
            result = onStage(stage);
            out.println("Stopping WildFly and MariaDB.");
        }
        if (result == null) {
            out.println("demo: stopped before anything could be compared");
            return true;
        }
        result.print(out);
        return result.isTrue();
    }

    /** @return null if it was stopped before the bank opened */
    private @Nullable Result onStage(Stage stage) throws Exception {
        MariaDb database = stage.database();
        Side reprise = stage.side(Half.REPRISE, database);
        Side wildFly = stage.side(Half.WILDFLY, database);
        if (stop.isWanted()) {
            return null;
        }
        URI page = stage.bank(reprise, wildFly);
        if (stop.isWanted()) {
            return null;
        }
        return new Play(database, reprise, wildFly, page, out).run(stop, settings.length());
    }
}

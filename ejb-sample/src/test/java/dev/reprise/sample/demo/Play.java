// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.client.Client;
import dev.reprise.sample.client.Load;
import dev.reprise.sample.client.RemoteBank;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** The part that one watches: transfers and faults, their counters, and the comparison. */
final class Play {

    private static final int CLIENTS = 4; // of each bank
    private static final Duration BETWEEN_TRANSFERS = Duration.ofMillis(20);
    private static final Duration BETWEEN_FAULTS = Duration.ofMillis(400);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);
    private static final Duration IN_DOUBT = Duration.ofMinutes(1);
    private static final int LINES_PER_HEADER = 20;

    private final MariaDb database;
    private final Side reprise;
    private final Side wildFly;
    private final URI page;
    private final PrintStream out;
    private final Chaos chaos;
    private final Scoreboard repriseScore;
    private final Scoreboard wildFlyScore;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final SplittableRandom random = new SplittableRandom();

    Play(MariaDb database, Side reprise, Side wildFly, URI page, PrintStream out) {
        this.database = database;
        this.reprise = reprise;
        this.wildFly = wildFly;
        this.page = page;
        this.out = out;
        chaos = new Chaos(database, List.<FaultProxy>of(reprise.link(), wildFly.link()), random.split());
        repriseScore = new Scoreboard(reprise, bank(reprise));
        wildFlyScore = new Scoreboard(wildFly, bank(wildFly));
    }

    private RemoteBank bank(Side side) {
        return new RemoteBank(http, page, side.half());
    }

    /** @param length zero is until a stop is wanted */
    Result run(Stop stop, Duration length) throws SQLException {
        introduce();
        try (var clients = new Load();
                var faults = new Load()) {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(client(reprise), BETWEEN_TRANSFERS);
                clients.add(client(wildFly), BETWEEN_TRANSFERS);
            }
            faults.add(chaos, BETWEEN_FAULTS);
            watch(stop, length, clients, faults);
            out.println();
            out.println("No more faults and no new transfers. Waiting for the last answers, and for recovery.");
            faults.stop();
            chaos.heal();
            clients.stop();
        }
        awaitNothingInDoubt(stop);
        repriseScore.update();
        return new Result(
                reprise.ledger().compare(reprise.stored()),
                repriseScore.retried(),
                wildFly.ledger().compare(wildFly.stored()));
    }

    private Client client(Side side) {
        return new Client(bank(side), side.ledger(), random.split());
    }

    private void introduce() {
        out.printf("""

                The bank is open: %s
                Clients transfer money on both sides, through the same code. Both sides get the same faults: links cut just
                before and just after the server runs XA COMMIT, all links cut, sessions killed, the database killed and started again.
                  acknowledged  the client was told: committed
                  lost          of these, the database does not have it
                  unknown       the client was told: nobody knows
                  retried       transactions that were run again, unnoticed by the client
                Ctrl-C ends it and compares.

                """, page);
    }

    private void watch(Stop stop, Duration length, Load clients, Load faults) {
        long begun = System.nanoTime();
        Duration elapsed = Duration.ZERO;
        for (int line = 0; length.isZero() || elapsed.compareTo(length) < 0; line++) {
            Duration left = length.isZero() ? BETWEEN_LINES : length.minus(elapsed);
            boolean stopped = stop.await(left.compareTo(BETWEEN_LINES) < 0 ? left : BETWEEN_LINES);
            elapsed = Duration.ofNanos(System.nanoTime() - begun);
            if (stopped) {
                return;
            }
            clients.check();
            faults.check();
            repriseScore.update();
            wildFlyScore.update();
            if (line % LINES_PER_HEADER == 0) {
                header();
            }
            line(elapsed);
        }
    }

    private void header() {
        out.println("        faults on each side                    | reprise.rar                        |"
                + " WildFly's own xa-datasource");
        out.println(
                "seconds before after links sessions restarts   | " + Scoreboard.HEADER + " | " + Scoreboard.HEADER);
    }

    private void line(Duration elapsed) {
        out.printf(
                "%7d %6d %5d %5d %8d %8d   | %s | %s%n",
                elapsed.toSeconds(),
                chaos.made(Chaos.Fault.CUT_BEFORE_COMMIT),
                chaos.made(Chaos.Fault.CUT_AFTER_COMMIT),
                chaos.made(Chaos.Fault.CUT_ALL_LINKS),
                chaos.made(Chaos.Fault.KILL_SESSIONS),
                chaos.made(Chaos.Fault.RESTART_DATABASE),
                repriseScore.line(),
                wildFlyScore.line());
    }

    /** Prepared branches are finished by recovery, and what was begun ends; after Ctrl-C only what the database does. */
    private void awaitNothingInDoubt(Stop stop) throws SQLException {
        long deadline = System.nanoTime() + (stop.isWanted() ? Duration.ofSeconds(5) : IN_DOUBT).toNanos();
        while (inDoubt() > 0) {
            if (System.nanoTime() - deadline > 0) {
                out.println("Still in doubt: " + inDoubt() + " transactions, prepared " + database.preparedXids());
                return;
            }
            new Stop().await(Duration.ofMillis(250)); // a pause that nobody ends
        }
    }

    private long inDoubt() throws SQLException {
        try (Connection connection = database.administrator();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from information_schema.innodb_trx")) {
            row.next();
            return row.getLong(1) + database.preparedXids().size();
        }
    }
}

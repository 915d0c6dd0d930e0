// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import dev.reprise.sample.Half;
import dev.reprise.sample.client.Client;
import dev.reprise.sample.client.Ledger;
import dev.reprise.sample.client.Load;
import dev.reprise.sample.client.RemoteBank;
import java.io.IOException;
import java.net.http.HttpClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients and faults for the given time; then peace, and a look at everything. */
final class Soak {

    private static final List<Half> BANKS = List.of(Half.REPRISE, Half.SECOND, Half.BOTH);
    private static final int CLIENTS = 3; // of each
    private static final Duration BETWEEN_TRANSFERS = Duration.ofMillis(20);
    private static final Duration BETWEEN_FAULTS = Duration.ofMillis(400);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Plan plan;
    private final Ledger ledger = new Ledger();
    private final Storm.Diary faults = new Storm.Diary();
    private final AtomicLong retried = new AtomicLong();
    private final AtomicInteger restarted = new AtomicInteger();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Soak(Plan plan) {
        this.plan = plan;
    }

    Findings run() throws IOException, SQLException {
        var banks = new EnumMap<Half, RemoteBank>(Half.class);
        try (var stage = new Stage(plan.replay(), () -> aboutToRestart(banks.values()))) {
            BANKS.forEach(half -> banks.put(half, new RemoteBank(http, stage.page(), half)));
            var storm = new Storm(new Schedule(plan.seed()), stage, faults);
            play(stage, banks, storm);
            banks.values().forEach(this::askForRetries);
            return new Inspection(stage, ledger, restarted.get()).look(plan, faults, retried.get());
        }
    }

    private void play(Stage stage, Map<Half, RemoteBank> banks, Storm storm) {
        var random = new SplittableRandom(new Random(plan.seed()).nextLong());
        try (var clients = new Load();
                var weather = new Load()) {
            for (RemoteBank bank : banks.values()) {
                for (int i = 0; i < CLIENTS; i++) {
                    var client = new Client(bank, ledger, random.split());
                    clients.add(
                            () -> {
                                if (stage.isOpen()) {
                                    client.run();
                                }
                            },
                            BETWEEN_TRANSFERS);
                }
            }
            weather.add(storm, BETWEEN_FAULTS);
            long end = System.nanoTime() + plan.length().toNanos();
            while (System.nanoTime() < end) {
                clients.check();
                weather.check();
                weather.awaitEnd(LOOK);
            }
            weather.stop();
            storm.heal();
            clients.stop();
        }
    }

    private void aboutToRestart(Collection<RemoteBank> banks) {
        restarted.set(ledger.size());
        banks.forEach(this::askForRetries);
    }

    /** The server forgets with a restart. */
    private void askForRetries(RemoteBank bank) {
        retried.addAndGet(Math.max(0, bank.retried()));
    }
}

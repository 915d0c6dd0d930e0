// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import dev.reprise.sample.Outcome;
import dev.reprise.sample.client.Comparison;
import dev.reprise.sample.client.Ledger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Looks, after all faults, at both databases, the ledger and the server. */
final class Inspection {

    private static final long MONEY = 2 * 10 * 1000_00;
    private static final Duration DECIDED = Duration.ofMinutes(2);

    private final Stage stage;
    private final Ledger ledger;
    private final int restarted;
    private final List<String> violations = new ArrayList<>();

    /** @param restarted how many transfers were open or told when the server was restarted last */
    Inspection(Stage stage, Ledger ledger, int restarted) {
        this.stage = stage;
        this.ledger = ledger;
        this.restarted = restarted;
    }

    Findings look(Plan plan, Storm.Diary faults, long retried) throws SQLException {
        awaitDecided();
        Site first = stage.site(Dialect.MARIADB);
        Site second = stage.site(Dialect.POSTGRESQL);
        lookForMoney(first, second);
        Set<Integer> stored = union(first.stored(), second.stored());
        lookForHalves(first.storedInBoth(), second.storedInBoth());
        Comparison comparison = ledger.compare(stored);
        violations.addAll(comparison.lies());
        ledger.said(Outcome.DUPLICATE)
                .forEach((transfer, text) -> violations.add("transfer " + transfer + " was told: " + text));
        violations.addAll(new Leaks(stage).look());
        AdapterLog log = awaitLog(stored);
        Unknowns unknowns = unknowns(log, stored);
        violations.addAll(unknowns.violations());
        return new Findings(
                plan,
                comparison,
                ledger.count(Outcome.ROLLED_BACK),
                stored(ledger.transfers(Outcome.UNKNOWN), stored),
                stored(ledger.transfers(null), stored),
                retried,
                faults,
                log,
                unknowns.lines(),
                List.copyOf(violations));
    }

    /** The search for an unknown outcome pauses for up to a minute. */
    private AdapterLog awaitLog(Set<Integer> stored) {
        try {
            Awaitility.await()
                    .atMost(DECIDED)
                    .until(() -> unknowns(log(), stored).violations().isEmpty());
        } catch (ConditionTimeoutException e) {
            // the violations say it
        }
        return log();
    }

    private AdapterLog log() {
        return AdapterLog.of(stage.server().base().resolve("log/reprise.log"));
    }

    private Unknowns unknowns(AdapterLog log, Set<Integer> stored) {
        return new Unknowns(ledger.said(Outcome.UNKNOWN), log.found(), stored, restarted);
    }

    private void awaitDecided() throws SQLException {
        try {
            Awaitility.await().atMost(DECIDED).until(() -> inDoubt() == 0);
        } catch (ConditionTimeoutException e) {
            for (Site site : stage.sites().values()) {
                violations.add(site.dialect() + ": " + site.inDoubt() + " transactions are still open, prepared: "
                        + site.server().preparedXids());
            }
        }
    }

    private long inDoubt() throws SQLException {
        long sum = 0;
        for (Site site : stage.sites().values()) {
            sum += site.inDoubt();
        }
        return sum;
    }

    private void lookForMoney(Site first, Site second) throws SQLException {
        long money = first.money() + second.money();
        if (money != MONEY) {
            violations.add("there are " + money + " cents in the accounts, and there were " + MONEY);
        }
    }

    private void lookForHalves(Set<Integer> first, Set<Integer> second) {
        var halves = new HashSet<>(union(first, second));
        halves.removeIf(id -> first.contains(id) && second.contains(id));
        if (!halves.isEmpty()) {
            violations.add("stored in one of two databases: " + halves);
        }
    }

    private static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
        var both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }

    private static Findings.Share stored(List<Integer> transfers, Set<Integer> stored) {
        return new Findings.Share(transfers.size(), (int)
                transfers.stream().filter(stored::contains).count());
    }
}

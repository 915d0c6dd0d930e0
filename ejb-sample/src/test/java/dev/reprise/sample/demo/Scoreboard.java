// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.Outcome;
import dev.reprise.sample.client.Ledger;
import dev.reprise.sample.client.RemoteBank;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The running counters of one side. For one thread. */
final class Scoreboard {

    private final Side side;
    private final RemoteBank bank;
    private final List<Integer> unchecked = new ArrayList<>();
    private int lost;
    private long retried;

    Scoreboard(Side side, RemoteBank bank) {
        this.side = side;
        this.bank = bank;
    }

    /** Asks the bank and the database. What does not answer just now is asked the next time. */
    void update() {
        retried = Math.max(retried, bank.retried());
        unchecked.addAll(side.ledger().takeAcknowledged());
        try {
            Set<Integer> stored = storedOf(unchecked);
            lost += (int) unchecked.stream().filter(id -> !stored.contains(id)).count();
            unchecked.clear();
        } catch (SQLException e) {
            // the database is being restarted
        }
    }

    private Set<Integer> storedOf(List<Integer> transfers) throws SQLException {
        try (Connection connection = side.server().administrator();
                PreparedStatement select =
                        connection.prepareStatement("select id from " + side.half() + ".transfer where id = ?")) {
            var stored = new HashSet<Integer>();
            for (int transfer : transfers) {
                select.setString(1, String.valueOf(transfer));
                try (ResultSet row = select.executeQuery()) {
                    if (row.next()) {
                        stored.add(transfer);
                    }
                }
            }
            return stored;
        }
    }

    long retried() {
        return retried;
    }

    /** Columns as in {@link #HEADER}. */
    String line() {
        Ledger ledger = side.ledger();
        return "%12d %5d %7d %7d"
                .formatted(ledger.count(Outcome.COMMITTED), lost, ledger.count(Outcome.UNKNOWN), retried);
    }

    static final String HEADER = "acknowledged  lost unknown retried";
}

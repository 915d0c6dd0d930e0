// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.CommitGuard;
import dev.reprise.database.Ledger;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.fault.Fault;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Gives each new connection the guard of its commits, and says which it is when it is another than before. Thread-safe. */
final class Guards {

    private final Settings settings;
    private final Ledger ledger;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean saidOfLocal = new AtomicBoolean();
    private final AtomicReference<String> said = new AtomicReference<>("");

    Guards(Settings settings) {
        this.settings = settings;
        Guarding guarding = settings.guarding();
        this.ledger = new Ledger(
                settings.database(), guarding.ledgerTable(), guarding.node(), Node.run(), this::sayWithoutLedger);
    }

    /** @throws SQLException only if the connection is lost */
    void guard(PhysicalConnection opened) throws SQLException {
        if (asked.compareAndSet(false, true)) {
            opened.bounded(settings.connectTimeout(), () -> settings.database().shortcomings(opened.connection()))
                    .forEach(LOG::shortcoming);
            if (!opened.session().withoutXa().isEmpty()) {
                LOG.withoutXa(opened.session().withoutXa());
            }
        }
        if (opened.session().readOnly()) {
            opened.guardBy(CommitGuard.NONE); // a guard would have to write
            return;
        }
        opened.guardBy(withoutLedger());
        CommitGuard wanted = settings.guarding().guard();
        boolean byLedger = wanted == CommitGuard.LEDGER || wanted == CommitGuard.AUTO;
        if (!byLedger || !settings.database().hasLedger()) {
            say(withoutLedger());
            return;
        }
        try {
            opened.<@Nullable Void, SQLException>bounded(settings.connectTimeout(), () -> {
                opened.claim(ledger);
                return null;
            });
            say(CommitGuard.LEDGER);
        } catch (SQLException e) {
            if (opened.fault(e) == Fault.CONNECTION) {
                throw e;
            }
            sayWithoutLedger(e);
        }
    }

    /** A local transaction begins, which the container may have made the last resource of a larger one. */
    void local(PhysicalConnection connection) {
        if (!connection.guardsLocalCommits() && saidOfLocal.compareAndSet(false, true)) {
            LOG.localNotGuarded();
        }
    }

    /** What guards commits where there is no ledger, or none is wanted. */
    private CommitGuard withoutLedger() {
        CommitGuard wanted = settings.guarding().guard();
        return settings.database().guards().contains(wanted)
                ? wanted
                : settings.database().guards().get(0);
    }

    private void say(CommitGuard guard) {
        if (!said.getAndSet(guard.text()).equals(guard.text())) {
            LOG.guardedBy(guard.text());
        }
    }

    /** With {@code auto} a table that is not there is nothing to complain about. */
    private void sayWithoutLedger(SQLException reason) {
        String why = String.valueOf(reason.getMessage());
        if (settings.guarding().guard() == CommitGuard.AUTO
                && settings.database().hasNoSuchTable(reason)) {
            say(withoutLedger());
        } else if (!said.getAndSet(why).equals(why)) {
            LOG.noLedger(settings.guarding().ledgerTable(), why, withoutLedger().text());
        }
    }
}

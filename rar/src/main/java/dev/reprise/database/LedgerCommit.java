// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.SQLException;
import java.sql.Statement;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/** The transaction leaves its name in its session's row of the ledger, and is committed in the same round trip. */
final class LedgerCommit implements Commit {

    /** The SQLState with which {@link Database#ledgerCommit} refuses a session that does not find its row. */
    static final String FENCED = "40R01";

    private final PhysicalConnection own;
    private final Slot slot;
    private final String name;
    private final @Nullable Xid xid;
    private @Nullable Commit instead;
    private @Nullable SQLException refusal;

    /** @param xid null for a local transaction */
    LedgerCommit(PhysicalConnection own, Slot slot, String name, @Nullable Xid xid) {
        this.own = own;
        this.slot = slot;
        this.name = name;
        this.xid = xid;
    }

    @Override
    public void run() throws SQLException, XAException {
        try (Statement statement = own.connection().createStatement()) {
            statement.execute(own.database().ledgerCommit(slot, name, xid));
        } catch (SQLException e) {
            boolean asBefore =
                    own.database().isReadOnlyTransaction(e) || own.database().hasNoLedger(e);
            if (!asBefore || own.database().statementFailureAbortsTransaction()) {
                refusal = e;
                throw e;
            }
            withoutLedger(e);
            return;
        }
        if (xid != null) {
            own.connection().setAutoCommit(true); // PostgreSQL: the branch is over
        }
        own.giveBack(slot);
    }

    /** The transaction is as it was before: a commit must not fail because of its guard. */
    private void withoutLedger(SQLException reason) throws SQLException, XAException {
        if (own.database().isReadOnlyTransaction(reason)) {
            own.giveBack(slot);
        } else {
            giveUp(reason);
        }
        instead = own.commitWithoutLedger(xid, reason);
        instead.run();
    }

    @Override
    public Outcome settle() throws SQLException, XAException {
        if (instead != null) {
            return instead.settle();
        }
        Outcome outcome = afterRollback(own.rollback(xid));
        if (refusal != null && own.database().hasNoLedger(refusal)) {
            giveUp(refusal);
        } else if (refusal != null && FENCED.equals(refusal.getSQLState())) {
            takeAnotherSlot();
        } else if (outcome != Outcome.UNKNOWN) {
            own.giveBack(slot);
        }
        return outcome;
    }

    /**
     * Where the server may have been interrupted after it had committed, the row is read; by a session that is in no
     * transaction, so that it does not read what it has written itself.
     */
    private Outcome afterRollback(boolean undone) throws SQLException {
        if (undone && (xid != null || own.database().statementFailureAbortsTransaction())) {
            return Outcome.ROLLED_BACK;
        }
        if (slot.ledger().names(own.connection(), slot, name)) {
            return Outcome.COMMITTED;
        }
        boolean somebodyElseEndedIt = !undone && own.database().foundNothing(refusal);
        return somebodyElseEndedIt ? Outcome.UNKNOWN : Outcome.ROLLED_BACK;
    }

    /** Its own will never be found again, as after the table was emptied. */
    private void takeAnotherSlot() {
        try {
            own.claim(slot.ledger());
        } catch (SQLException e) {
            own.lose(e); // a new connection is told why
        }
    }

    /** Further transactions of the session have another guard. */
    private void giveUp(SQLException reason) {
        slot.ledger().free(slot);
        slot.ledger().complain(reason);
    }

    @Override
    public boolean isHopeless() {
        return instead != null && instead.isHopeless();
    }

    @Override
    public Outcome find(PhysicalConnection asked, boolean ended) throws SQLException, XAException {
        if (instead != null) {
            return instead.find(asked, ended);
        }
        Outcome outcome = look(asked, ended);
        if (outcome != Outcome.UNKNOWN) {
            slot.ledger().free(slot);
        }
        return outcome;
    }

    private Outcome look(PhysicalConnection asked, boolean ended) throws SQLException, XAException {
        if (xid != null && asked.lists(xid)) {
            asked.xaResource().commit(xid, false);
            return Outcome.COMMITTED;
        }
        boolean readOnly = refusal != null && own.becameReadOnly(refusal);
        if (ended && readOnly && !slot.ledger().names(asked.connection(), slot, name)) {
            return Outcome.ROLLED_BACK; // the server said so, and cannot write it into the row either
        }
        return slot.ledger().outcome(asked.connection(), slot, name, ended);
    }
}

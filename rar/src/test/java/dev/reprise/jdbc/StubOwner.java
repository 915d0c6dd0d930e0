// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Recording;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An owner that says what it was told, and does what a test has set. */
final class StubOwner implements HandleOwner {

    /** What the application sees instead of a failure of the driver. */
    static final class Seen extends SQLException {
        private static final long serialVersionUID = 1L;

        private final SQLException original;

        Seen(SQLException original) {
            super(original.getMessage(), original.getSQLState(), original.getErrorCode(), original);
            this.original = original;
        }

        SQLException original() {
            return original;
        }
    }

    final List<SQLException> failures = new ArrayList<>();
    final List<Boolean> mayHaveCommitted = new ArrayList<>();
    final SessionState session = new SessionState();
    int entered;
    int exited;
    int closed;
    int openStatements;
    List<Throwable> openers = List.of();
    StatementRules rules = StatementRules.DEFAULTS;
    int remainingSeconds = NO_DEADLINE;
    int aborted;
    boolean managed;
    boolean misses;
    int transaction;
    final Set<ConnectionHandle> guests = new HashSet<>();
    boolean savepoints = true;
    boolean records;

    @Nullable Recording recording;

    @Nullable SQLException refusal;

    private final Connection physical;

    StubOwner(Connection physical) {
        this.physical = physical;
    }

    @Override
    public Connection physical() throws SQLException {
        if (refusal != null) {
            throw refusal;
        }
        return physical;
    }

    @Override
    public void enter() throws SQLException {
        if (refusal != null) {
            throw refusal;
        }
        entered++;
    }

    @Override
    public void exit() {
        exited++;
    }

    @Override
    public boolean records() {
        return records;
    }

    @Override
    public @Nullable Recording recording() {
        return recording;
    }

    @Override
    public SQLException failed(SQLException e, boolean wouldHaveCommitted) {
        failures.add(e);
        mayHaveCommitted.add(wouldHaveCommitted);
        return new Seen(e);
    }

    @Override
    public void sees(String sql) {
        // all is allowed
    }

    @Override
    public void unwrapped() {
        // nobody asks
    }

    @Override
    public void closed(ConnectionHandle handle, LeftOpen left) {
        closed++;
        openStatements = left.statements();
        openers = left.openers();
    }

    @Override
    public void abort() {
        aborted++;
    }

    @Override
    public boolean missesTransaction() {
        return misses;
    }

    @Override
    public int transaction() {
        return transaction;
    }

    @Override
    public boolean isIn(int number) {
        return managed && transaction == number;
    }

    @Override
    public void receive(ConnectionHandle handle) {
        guests.add(handle);
    }

    @Override
    public void leave(ConnectionHandle handle) {
        guests.remove(handle);
    }

    @Override
    public boolean inManagedTransaction() {
        return managed;
    }

    @Override
    public boolean savepointsAllowed() {
        return savepoints;
    }

    @Override
    public int patienceMillis() {
        return 7_000;
    }

    @Override
    public SessionState session() {
        return session;
    }

    @Override
    public StatementRules statements() {
        return rules;
    }

    @Override
    public int remainingSeconds() {
        return remainingSeconds;
    }
}

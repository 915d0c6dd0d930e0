// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The statements of a connection handle that are not closed yet. Not thread-safe. */
final class OpenStatements {

    private final boolean traced;
    private final List<Statement> open = new ArrayList<>();
    private final List<Throwable> openers = new ArrayList<>();

    /** @param traced whether it is kept where each was opened */
    OpenStatements(boolean traced) {
        this.traced = traced;
    }

    void add(Statement statement) {
        open.add(statement);
        if (traced) {
            openers.add(new Throwable("The statement was opened here"));
        }
    }

    /** The last one made is mostly the first one closed. */
    void remove(Statement statement) {
        for (int i = open.size() - 1; i >= 0; i--) {
            if (open.get(i).equals(statement)) {
                open.remove(i);
                if (traced) {
                    openers.remove(i);
                }
                return;
            }
        }
    }

    /** Closes the driver's statements; those that the driver has closed by itself were not left open. */
    LeftOpen close() {
        if (open.isEmpty()) {
            return LeftOpen.NONE;
        }
        int left = 0;
        var at = new ArrayList<Throwable>();
        var failures = new ArrayList<SQLException>();
        for (int i = 0; i < open.size(); i++) {
            try {
                if (((Guarded<?>) open.get(i)).delegate instanceof Statement statement && !statement.isClosed()) {
                    left++;
                    if (traced) {
                        at.add(openers.get(i));
                    }
                    statement.close();
                }
            } catch (SQLException e) {
                failures.add(e);
            }
        }
        open.clear();
        openers.clear();
        return new LeftOpen(left, List.copyOf(at), List.copyOf(failures));
    }
}

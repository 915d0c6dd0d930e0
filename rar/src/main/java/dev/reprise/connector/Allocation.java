// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * An application's call for a connection, and why the transaction of that connection could not begin. IronJacamar does not
 * say it: Narayana logs the XAException, and answers that nothing was enlisted. Known to the calling thread until closed.
 */
final class Allocation implements AutoCloseable {

    private static final ThreadLocal<Allocation> CURRENT = new ThreadLocal<>();

    private @Nullable SQLException notStarted;

    Allocation() {
        CURRENT.set(this);
    }

    /** Of no consequence to a thread that does not ask for a connection. */
    static void notStarted(SQLException reason) {
        Allocation current = CURRENT.get();
        if (current != null) {
            current.notStarted = reason;
        }
    }

    @Nullable SQLException notStarted() {
        return notStarted;
    }

    @Override
    public void close() {
        CURRENT.remove();
    }
}

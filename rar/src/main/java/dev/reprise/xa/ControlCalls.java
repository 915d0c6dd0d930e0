// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import java.time.Duration;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/** Calls of the driver's XAResource that give nothing back, none of which waits for longer than the control timeout. */
record ControlCalls(BranchHost host) {

    @FunctionalInterface
    interface Call {
        void run() throws XAException, SQLException;
    }

    void run(PhysicalConnection connection, Call call) throws XAException, SQLException {
        run(connection, host.controlTimeout(), call);
    }

    void run(PhysicalConnection connection, Duration timeout, Call call) throws XAException, SQLException {
        connection.<@Nullable Void, XAException>bounded(timeout, () -> {
            call.run();
            return null;
        });
    }
}

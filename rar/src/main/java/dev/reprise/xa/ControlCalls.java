// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.jspecify.annotations.Nullable;

/** Calls of the driver's XAResource that give nothing back, none of which waits for longer than the control timeout. */
record ControlCalls(BranchHost host) {

    @FunctionalInterface
    interface Call {
        void run() throws XAException, SQLException;
    }

    void run(PhysicalConnection connection, Call call) throws XAException, SQLException {
        connection.<@Nullable Void, XAException>bounded(host.controlTimeout(), () -> {
            call.run();
            return null;
        });
    }
}

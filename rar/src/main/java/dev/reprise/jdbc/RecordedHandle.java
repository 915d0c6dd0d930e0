// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Recording;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * A handle of a data source that records. A class of its own, and not a flag: while no data source of the server records,
 * the JVM does not load it, and compiles the question away wherever it is asked.
 */
final class RecordedHandle extends ConnectionHandle {

    RecordedHandle(Connection first, HandleOwner owner, JoinedTransactions transactions) {
        super(first, owner, transactions);
    }

    @Override
    boolean records() {
        return true;
    }

    @Override
    @Nullable Recording currentRecording() {
        HandleOwner current = current();
        return current == null ? null : current.recording();
    }
}

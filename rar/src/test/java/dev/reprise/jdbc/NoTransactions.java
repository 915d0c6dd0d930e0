// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A container that has none. */
public final class NoTransactions implements JoinedTransactions {

    @Override
    public @Nullable Object current() {
        return null;
    }

    @Override
    public ConnectionHandle connect() throws SQLException {
        throw new SQLException("No connection", "08001");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The container's transactions, for a handle that outlives them. Thread-safe. */
public interface JoinedTransactions {

    /** That of the calling thread, equal for the same one; null if there is none, or connections take no part in it. */
    @Nullable Object current();

    /**
     * Another handle, whose connection is part of the calling thread's transaction if the container can do that; the caller
     * closes it.
     */
    ConnectionHandle connect() throws SQLException;
}

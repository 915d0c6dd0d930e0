// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Calls a method of a result set by its number. */
@FunctionalInterface
public interface RowReader {

    /**
     * @param column zero where it is named or the method has none
     * @param label null where the column has a number
     * @param more what else the method takes; null if nothing
     * @param digest takes what the method gives
     */
    void read(ResultSet rows, int method, int column, @Nullable String label, @Nullable Object more, Digest digest)
            throws SQLException, Differs;
}

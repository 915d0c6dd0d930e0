// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Gives a statement one parameter, and holds none itself, so that it can be the same object each time.
 *
 * @param <D> the statement's type
 */
@FunctionalInterface
public interface Parameter<D> {

    /**
     * @param number the parameter if it is a number, by its bits
     * @param value the parameter if it is an object
     */
    void set(D statement, int index, long number, @Nullable Object value) throws SQLException;
}

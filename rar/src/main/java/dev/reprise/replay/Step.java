// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One call of an object of the driver, that can be made once more on another one of its kind. It holds nothing of what the
 * call is given, so that it can be the same object each time.
 *
 * @param <D> the object's type
 * @param <R> what the call gives
 */
@FunctionalInterface
public interface Step<D, R extends @Nullable Object> {

    /**
     * @param index the first int that the call is given; zero if there is none
     * @param number the next one, or another primitive, by its bits; zero if there is none
     * @param value what else it is given, as an {@code Object[]} if that is more than one object; null if it is nothing
     */
    R on(D target, int index, long number, @Nullable Object value) throws SQLException;
}

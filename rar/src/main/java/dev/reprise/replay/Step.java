// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * One call of an object of the driver, that can be made once more on another one of its kind: what it was given does not
 * change afterwards.
 *
 * @param <D> the object's type
 * @param <R> what the call gives
 */
@FunctionalInterface
public interface Step<D, R extends @Nullable Object> {

    R on(D target) throws SQLException;
}

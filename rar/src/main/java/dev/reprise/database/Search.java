// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.SQLException;
import javax.transaction.xa.XAException;

/** The search for what became of a transaction whose session is lost. Can be repeated; used by one thread at a time. */
@FunctionalInterface
public interface Search {

    /** Whether it can find nothing: there is no need to wait for it. */
    default boolean isHopeless() {
        return false;
    }

    /**
     * @param asked another session
     * @param ended whether the lost session is known to have ended on the server that is asked; if not, only what is
     *     there for certain is said
     */
    Outcome find(PhysicalConnection asked, boolean ended) throws SQLException, XAException;
}

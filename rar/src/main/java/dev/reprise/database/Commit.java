// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.SQLException;
import javax.transaction.xa.XAException;

/**
 * One commit of what a session has done, an XA branch in one phase or a local transaction, and the search for its
 * outcome. {@link #run} is called once; where it fails, {@link #settle} follows if the server answered, and
 * {@link #find}, as often as needed, if it did not. Used by one thread at a time.
 */
public interface Commit extends Search {

    void run() throws SQLException, XAException;

    /**
     * The server refused: ends the transaction on its own session, one way or the other.
     *
     * @return {@link Outcome#UNKNOWN} if the server does not have it any more and cannot say why
     */
    Outcome settle() throws SQLException, XAException;
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Has the server put a session back to where it was when this was made, with everything that the application has changed
 * by SQL. Of one session; used by one thread at a time.
 */
@FunctionalInterface
interface SessionReset {

    /** In no transaction; the session is of no more use if this fails. */
    void run(Connection connection) throws SQLException;
}

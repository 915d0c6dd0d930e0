// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Has a call that takes no timeout of its own not wait for an answer for ever; the application's own limit stands. */
final class Patience {

    private Patience() {}

    /** @return whether {@link #lift} has to follow */
    static boolean impose(Connection connection, HandleOwner owner) throws SQLException {
        if (connection.getNetworkTimeout() > 0) {
            return false;
        }
        connection.setNetworkTimeout(Runnable::run, owner.patienceMillis());
        return true;
    }

    static void lift(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            connection.setNetworkTimeout(Runnable::run, 0);
        }
    }
}

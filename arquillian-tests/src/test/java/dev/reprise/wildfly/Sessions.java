// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.awaitility.Awaitility.await;

import java.rmi.RemoteException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Sessions on the database server. */
final class Sessions {

    private static final Duration GONE = Duration.ofSeconds(30);

    private Sessions() {}

    static long id(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select connection_id()")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** As an administrator does it; returns when the session has ended and its work is undone. */
    static void kill(long id) throws RemoteException {
        Link.REPRISE.faults().execute("kill connection " + id);
        awaitEnd(id);
    }

    static void kill(Connection connection) throws SQLException, RemoteException {
        kill(id(connection));
    }

    static void awaitEnd(long id) {
        await().atMost(GONE).until(() -> !isThere(id));
    }

    static boolean isThere(long id) throws RemoteException {
        return Link.REPRISE.faults().query("select count(*) from information_schema.processlist where id = " + id) > 0;
    }
}

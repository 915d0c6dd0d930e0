// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.awaitility.Awaitility.await;

import java.rmi.RemoteException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Sessions on the database server of a link. */
final class Sessions {

    private static final Duration GONE = Duration.ofSeconds(30);

    private Sessions() {}

    static long id(Link link, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(link.dialect().selectSessionId())) {
            row.next();
            return row.getLong(1);
        }
    }

    /** As an administrator does it; returns when the session has ended, its work is undone, and its client can see it. */
    static void kill(Link link, long id) throws RemoteException {
        link.faults().execute(link.dialect().kill(id));
        awaitEnd(link, id);
    }

    static void kill(Link link, Connection connection) throws SQLException, RemoteException {
        kill(link, id(link, connection));
    }

    static void awaitEnd(Link link, long id) {
        await().atMost(GONE).until(() -> !isThere(link, id) && !link.faults().passes(id));
    }

    static boolean isThere(Link link, long id) throws RemoteException {
        return link.faults().query(link.dialect().isThere(id)) > 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.Faults;
import java.rmi.RemoteException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** The table of the tests, one in each database: what transactions wrote, and what is stored. */
final class Rows {

    /** One for each database. */
    private static final List<Link> DATABASES = List.of(Link.REPRISE, Link.POSTGRESQL);

    /** Quick as it is on the stage, recovery makes several passes before it finishes a branch. */
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private Rows() {}

    /** Empty tables, read and written past the proxies. */
    static void clear() throws RemoteException {
        for (Link database : DATABASES) {
            database.faults().execute("delete from row_of_test");
        }
    }

    /** As an application does it. */
    static void insert(DataSource dataSource, int id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            insert(connection, id);
        }
    }

    /** The number is in the text, where a fault finds it. */
    static void insert(Connection connection, int id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("insert into row_of_test values (" + id + ", 'test')")) {
            statement.executeUpdate();
        }
    }

    /** How many are committed, in all databases together. */
    static long stored() throws RemoteException {
        return count("select count(*) from row_of_test");
    }

    static boolean isStored(int id) throws RemoteException {
        return count("select count(*) from row_of_test where id = " + id) == 1;
    }

    private static long count(String query) throws RemoteException {
        long count = 0;
        for (Link database : DATABASES) {
            count += database.faults().query(query);
        }
        return count;
    }

    /** Fails while another session holds a lock on the row with id 1, committed or not. */
    static void insertPastTheProxies(Link link) throws RemoteException {
        link.faults().execute("insert into row_of_test values (1, 'administrator')");
    }

    /** In all databases together. */
    static long prepared() throws RemoteException {
        long count = 0;
        for (Link database : DATABASES) {
            Faults faults = database.faults();
            count += faults.preparedXids().size();
        }
        return count;
    }

    /** Recovery has had its turn. */
    static void awaitNonePrepared() {
        await().atMost(RECOVERY).untilAsserted(() -> assertThat(prepared()).isZero());
    }
}

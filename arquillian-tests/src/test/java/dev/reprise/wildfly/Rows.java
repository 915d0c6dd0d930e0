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
import javax.sql.DataSource;

/** The table of the tests: what transactions wrote, and what is stored. */
final class Rows {

    /** Quick as it is on the stage, recovery makes several passes before it finishes a branch. */
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    private Rows() {}

    /** An empty table, read and written past the proxies. */
    static void clear() throws RemoteException {
        Faults faults = Link.REPRISE.faults();
        faults.execute("create table if not exists row_of_test (id int primary key, source varchar(20) not null)");
        faults.execute("delete from row_of_test");
    }

    /** As an application does it. */
    static void insert(DataSource dataSource, int id) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            insert(connection, id);
        }
    }

    static void insert(Connection connection, int id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("insert into row_of_test values (?, 'test')")) {
            statement.setInt(1, id);
            statement.executeUpdate();
        }
    }

    /** How many are committed. */
    static long stored() throws RemoteException {
        return Link.REPRISE.faults().query("select count(*) from row_of_test");
    }

    static boolean isStored(int id) throws RemoteException {
        return Link.REPRISE.faults().query("select count(*) from row_of_test where id = " + id) == 1;
    }

    /** Fails while another session holds a lock on the row with id 1, committed or not. */
    static void insertPastTheProxies() throws RemoteException {
        Link.REPRISE.faults().execute("insert into row_of_test values (1, 'administrator')");
    }

    /** Recovery has had its turn. */
    static void awaitNonePrepared() {
        await().atMost(RECOVERY)
                .untilAsserted(
                        () -> assertThat(Link.REPRISE.faults().preparedXids()).isEmpty());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.fault.Fault;
import dev.reprise.testsupport.FaultProxy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MariaDbPingTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    private final FaultProxy proxy = TestDatabase.proxy();
    private PhysicalConnection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = Sessions.through(proxy);
    }

    @AfterEach
    void close() {
        proxy.blackHole(false);
        Sessions.close(connection);
        proxy.close();
    }

    private SQLException failure() {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(8), () -> catchThrowableOfType(SQLException.class, () -> connection.ping(SHORT)));
    }

    @Test
    void aLivingSessionAnswers() throws SQLException {
        connection.ping(SHORT);
        connection.ping(SHORT);
    }

    @Test
    void opensNoTransaction() throws SQLException {
        connection.connection().setAutoCommit(false);
        connection.ping(SHORT);
        try (var statement = connection.connection().createStatement();
                ResultSet row = statement.executeQuery("select @@in_transaction")) {
            row.next();
            assertThat(row.getInt(1)).isZero();
        }
    }

    @Test
    void hasItsOwnTimeoutWhenTheLinkSwallowsEverything() {
        proxy.blackHole(true);
        assertThat(connection.fault(failure())).isEqualTo(Fault.CONNECTION);
    }

    @Test
    void seesThatTheSessionWasKilled() throws SQLException {
        TestDatabase.kill(connection.session().id());
        assertThat(connection.fault(failure())).isEqualTo(Fault.CONNECTION);
    }

    @Test
    void seesThatTheLinkWasCut() {
        proxy.resetAll();
        assertThat(connection.fault(failure())).isEqualTo(Fault.CONNECTION);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.FaultProxy;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAllocationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NewConnectionSqlTest {

    private static final Duration BOUND = Duration.ofSeconds(8);

    private final FaultProxy proxy = TestDatabase.proxy();
    private final RepriseManagedConnectionFactory factory = Factories.through(proxy);

    @AfterEach
    void close() {
        proxy.close();
    }

    private SQLException failure(String sql) {
        factory.setNewConnectionSql(sql);
        ResourceException failure = assertTimeoutPreemptively(
                BOUND, () -> assertThrows(ResourceAllocationException.class, () -> Factories.create(factory)));
        await().atMost(BOUND).until(() -> proxy.connections() == 0);
        return Objects.requireNonNull((SQLException) failure.getCause());
    }

    @Test
    void eachNewConnectionRunsItFirst() throws ResourceException, SQLException {
        factory.setNewConnectionSql("set @reprise = 42");
        RepriseManagedConnection connection = Factories.create(factory);
        try (Connection handle = connection.getConnection(null, null)) {
            assertThat(Factories.number(handle, "select @reprise")).isEqualTo(42);
        }
        connection.destroy();
    }

    @Test
    void aConnectionOnWhichItFailsIsNotUsedAndNotLeftBehind() {
        SQLException failure = failure("select * from missing");
        assertThat(failure.getMessage()).startsWith("newConnectionSql failed: ").contains("missing");
        assertThat(failure.getSQLState()).isEqualTo("42S02");
    }

    @Test
    void nobodyWaitsForItsAnswerLongerThanForAConnection() {
        factory.setConnectTimeoutMillis("500");
        assertThat(failure("select sleep(60)").getSQLState()).startsWith("08");
    }

    @Test
    void aConnectionThatItTakesOutOfAutoCommitIsRefused() {
        assertThat(failure("set autocommit = 0").getMessage())
                .isEqualTo(
                        "The connection does not begin in auto-commit mode: newConnectionSql, the driver's properties"
                                + " and the server's init_connect must leave it on");
    }

    @Test
    void aConnectionThatTheDriverTakesOutOfAutoCommitIsRefused() {
        factory.setDriverProperties("sessionVariables=autocommit=0");
        assertThat(failure("").getMessage()).startsWith("The connection does not begin in auto-commit mode");
    }
}

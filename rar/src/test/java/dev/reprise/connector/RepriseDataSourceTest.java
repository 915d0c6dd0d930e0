// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAllocationException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import javax.naming.Reference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In a container that gives no connection. */
class RepriseDataSourceTest {

    private record Refusing(ResourceException reason) implements ConnectionManager {
        private static final long serialVersionUID = 1L;

        @Override
        public Object allocateConnection(ManagedConnectionFactory factory, @Nullable ConnectionRequestInfo request)
                throws ResourceException {
            throw reason;
        }
    }

    private static SQLException failure(ResourceException reason) {
        var dataSource = new RepriseDataSource(new RepriseManagedConnectionFactory(), new Refusing(reason));
        SQLException failure = catchThrowableOfType(SQLException.class, dataSource::getConnection);
        assertThat((Object) failure.getCause()).isSameAs(reason);
        return failure;
    }

    private static ResourceException allocation(SQLException cause) {
        return new ResourceException("IJ000453", new ResourceAllocationException("No connection", cause));
    }

    private static String state(SQLException cause) {
        return failure(allocation(cause)).getSQLState();
    }

    @Test
    void whatMayWorkAtTheNextAttemptIsCannotConnect() {
        assertThat(state(new SQLException("refused", "08000", -1))).isEqualTo("08001");
        assertThat(state(new SQLException("too many", "08004", 1040))).isEqualTo("08001");
        assertThat(state(new SQLException("no state"))).isEqualTo("08001");
        assertThat(state(new SQLException("general", "HY000"))).isEqualTo("08001");
        assertThat(failure(new ResourceAllocationException("the pool is exhausted"))
                        .getSQLState())
                .isEqualTo("08001");
    }

    @Test
    void whatWillNotWorkAtTheNextAttemptKeepsItsState() {
        assertThat(state(new SQLException("wrong password", "28000", 1045))).isEqualTo("28000");
        assertThat(state(new SQLException("no such database", "42000", 1049))).isEqualTo("42000");
    }

    @Test
    void aContainerThatRefusesIsNoLostDatabase() {
        assertThat(failure(new ResourceException("the transaction is over")).getSQLState())
                .isEqualTo("HY000");
    }

    @Test
    void theMessageHasTheFirstReason() {
        assertThat(failure(allocation(new SQLException("Connection refused", "08000")))
                        .getMessage())
                .isEqualTo("No connection: IJ000453 <- Connection refused");
        assertThat(failure(new ResourceException("over")).getMessage()).isEqualTo("No connection: over");
    }

    @Test
    void causesThatNameEachOtherEnd() {
        var first = new ResourceException("first");
        first.initCause(new ResourceException("second", first));
        assertThat(failure(first).getSQLState()).isEqualTo("HY000");
    }

    @Test
    void standsInANamingService() throws SQLException {
        var dataSource = new RepriseDataSource(new RepriseManagedConnectionFactory(), new UnmanagedConnections());
        var reference = new Reference(DataSource.class.getName());
        assertThat(dataSource.getReference()).isNull();
        dataSource.setReference(reference);
        assertThat(dataSource.getReference()).isSameAs(reference);
    }

    @Test
    void isADataSourceAndNothingElse() throws SQLException, IOException {
        var dataSource = new RepriseDataSource(new RepriseManagedConnectionFactory(), new UnmanagedConnections());
        assertThat(dataSource.unwrap(DataSource.class)).isSameAs(dataSource);
        assertThat(dataSource.isWrapperFor(DataSource.class)).isTrue();
        assertThat(dataSource.isWrapperFor(String.class)).isFalse();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> dataSource.unwrap(String.class));
        assertThat(dataSource.getLoginTimeout()).isZero();
        assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
                .isThrownBy(() -> dataSource.setLoginTimeout(1));
        assertThatExceptionOfType(SQLFeatureNotSupportedException.class).isThrownBy(dataSource::getParentLogger);
        dataSource.setLogWriter(null);
        assertThat(dataSource.getLogWriter()).isNull();
    }
}

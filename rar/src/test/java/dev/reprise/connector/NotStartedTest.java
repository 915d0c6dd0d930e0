// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reprise.xa.Bench;
import dev.reprise.xa.BranchId;
import dev.reprise.xa.Pooled;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.sql.Connection;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pooled connection dies between its match and the begin of its transaction, and no other can be had. */
class NotStartedTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final BranchId xid = BranchId.of(Bench.name());

    private interface Begin {
        void run(Pooled pooled) throws Exception;
    }

    /** As IronJacamar with Narayana: the reason is only logged, on whichever thread that is. */
    private record Enlisting(Pooled pooled, Begin begin) implements ConnectionManager {
        private static final long serialVersionUID = 1L;

        @Override
        public Object allocateConnection(ManagedConnectionFactory factory, @Nullable ConnectionRequestInfo request)
                throws ResourceException {
            try {
                begin.run(pooled);
                return pooled.handle();
            } catch (Exception e) { // whatever it is
                throw new ResourceException(
                        "IJ000457", new IllegalStateException("Resource was not enlisted.")); // without e
            }
        }
    }

    @Test
    void aBranchThatNobodyCouldStartIsCannotConnect() throws Exception {
        assertCannotConnect(pooled -> pooled.xa().start(xid, XAResource.TMNOFLAGS));
    }

    @Test
    void aLocalTransactionThatNobodyCouldBeginIsCannotConnect() throws Exception {
        assertCannotConnect(pooled -> pooled.local().begin());
    }

    private void assertCannotConnect(Begin begin) throws Exception {
        Pooled pooled = bench.open();
        var dataSource = new RepriseDataSource(new RepriseManagedConnectionFactory(), new Enlisting(pooled, begin));
        bench.proxy().refuse();
        bench.proxy().resetAll();

        SQLException told = catchThrowableOfType(SQLException.class, dataSource::getConnection);

        assertThat(told.getSQLState()).isEqualTo("08001");
        assertThat((Throwable) told).hasMessageContaining("No connection: ").hasMessageContaining("Connection refused");
        assertThat((Throwable) told).hasStackTraceContaining("Resource was not enlisted.");
        bench.proxy().accept();
        try (Connection connection = dataSource.getConnection()) {
            assertThat(connection.isClosed()).isFalse();
        }
    }

    @Test
    void whatFailedBeforeIsNotTheReasonOfAnotherRefusal() throws Exception {
        Pooled pooled = bench.open();
        bench.proxy().refuse();
        bench.proxy().resetAll();
        assertThatExceptionOfType(XAException.class)
                .isThrownBy(() -> pooled.xa().start(xid, XAResource.TMNOFLAGS));
        var dataSource = new RepriseDataSource(new RepriseManagedConnectionFactory(), new Enlisting(pooled, each -> {
            throw new IllegalStateException();
        }));

        assertThat(catchThrowableOfType(SQLException.class, dataSource::getConnection)
                        .getSQLState())
                .isEqualTo("HY000");
    }
}

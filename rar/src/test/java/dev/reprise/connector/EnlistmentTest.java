// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.xa.Narayana.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.xa.Bench;
import dev.reprise.xa.Narayana;
import dev.reprise.xa.Pooled;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.work.WorkContext;
import jakarta.resource.spi.work.WorkManager;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.SQLException;
import java.util.Timer;
import org.jboss.jca.core.spi.transaction.TransactionTimeoutConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection that is used inside a JTA transaction without being part of it: nothing may be auto-committed. */
@Timeout(60) // in the thread that begins the transaction
class EnlistmentTest {

    /** All that the adapter takes from its container. */
    private static final class Container implements BootstrapContext {

        @Override
        public WorkManager getWorkManager() {
            throw new UnsupportedOperationException();
        }

        @Override
        public jakarta.resource.spi.XATerminator getXATerminator() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer createTimer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isContextSupported(Class<? extends WorkContext> type) {
            return false;
        }

        @Override
        public TransactionSynchronizationRegistry getTransactionSynchronizationRegistry() {
            return Narayana.REGISTRY;
        }
    }

    /** As those of IronJacamar that are not for transaction-support=NoTransaction. */
    @SuppressWarnings("serial")
    private static final class WithTransactions implements ConnectionManager, TransactionTimeoutConfiguration {

        @Override
        public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo request)
                throws ResourceException {
            throw new ResourceException("The pool is being flushed");
        }

        @Override
        public int getTransactionTimeout() {
            return 0;
        }

        @Override
        public long getTimeLeftBeforeTransactionTimeout(boolean errorRollback) {
            return -1;
        }
    }

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();

    @BeforeEach
    void start() {
        bench.adapter().start(new Container());
    }

    @AfterEach
    void end() throws Exception {
        if (MANAGER.getStatus() != Status.STATUS_NO_TRANSACTION) {
            MANAGER.rollback();
        }
    }

    @Test
    void isRefusedWhereTheConnectionIsNotEnlisted() throws Exception {
        Pooled pooled = bench.open();
        pooled.xa();
        MANAGER.begin();

        assertRefused(pooled);

        MANAGER.rollback();
        pooled.insert(row);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void isRefusedWhenTheTransactionIsOnlyMarkedForRollback() throws Exception {
        Pooled pooled = bench.open();
        pooled.xa();
        MANAGER.begin();
        MANAGER.setRollbackOnly();

        assertRefused(pooled);
    }

    @Test
    void isRefusedAfterTheBranchHasEnded() throws Exception {
        Pooled pooled = bench.open();
        MANAGER.begin();
        MANAGER.getTransaction().enlistResource(pooled.xa());
        MANAGER.getTransaction().delistResource(pooled.xa(), javax.transaction.xa.XAResource.TMSUCCESS);

        assertRefused(pooled);
    }

    /** IronJacamar leaves a connection out silently if its pool was flushed gracefully. */
    @Test
    void isRefusedWhereOnlyOtherConnectionsOfTheFactoryAreEnlisted() throws Exception {
        var factory = bench.factory(3_000);
        bench.open(factory).local();
        Pooled pooled = bench.open(factory);
        MANAGER.begin();

        assertRefused(pooled);
    }

    @Test
    void isRefusedWhereTheContainerSaysThatItRunsTransactions() throws Exception {
        var factory = bench.factory(3_000);
        factory.createConnectionFactory(new WithTransactions());
        Pooled pooled = bench.open(factory);
        MANAGER.begin();

        assertRefused(pooled);
    }

    @Test
    void isAllowedWhereTheContainerRunsNoTransactionsOnIt() throws Exception {
        Pooled pooled = bench.open();
        MANAGER.begin();

        pooled.insert(row);

        assertThat(bench.isStored(row)).isTrue();
    }

    private void assertRefused(Pooled pooled) throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> pooled.insert(row))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25000"));
        assertThat(bench.isStored(row)).isFalse();
        assertThat(pooled.events()).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.TestDatabase;
import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.GaleraNode;
import dev.reprise.testsupport.MariaDb;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ResourceAllocationException;
import java.sql.Connection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node of a Galera cluster has no XA; local transactions with the ledger work there. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GaleraTest {

    private static @Nullable MariaDb node;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                GaleraNode.provider().isPresent(),
                "no libgalera_smm.so on this machine (Debian has it in galera-4; or -Dgalera.provider=<file>)");
        node = GaleraNode.start();
        Server.MARIADB.createTables(node);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static MariaDb node() {
        return Objects.requireNonNull(node);
    }

    private static RepriseManagedConnectionFactory factory(int port) {
        var factory = new RepriseManagedConnectionFactory();
        factory.setUrl(node().jdbcUrl(port));
        factory.setUser(node().user());
        factory.setPassword(node().password());
        factory.setLedgerTable("slots");
        return factory;
    }

    @Test
    void xaIsRefusedBeforeAnythingIsDone() throws Exception {
        ManagedConnection connection = factory(node().port()).createManagedConnection(null, null);
        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(connection::getXAResource)
                .withMessageContaining("Galera")
                .withMessageContaining("LocalTransaction");
        connection.destroy();
    }

    @Test
    void aLostLocalCommitIsFoundInTheLedger() throws Exception {
        try (var proxy = FaultProxy.of(node())) {
            ManagedConnection connection = factory(proxy.port()).createManagedConnection(null, null);
            var handle = (Connection) connection.getConnection(null, null);
            connection.getLocalTransaction().begin();
            Pooled.execute(handle, "insert into work (name) values ('galera')");
            proxy.onRequest("commit").cutAfter();

            connection.getLocalTransaction().commit();

            assertThat(PairBench.isStored(node(), "galera")).isTrue();
            assertThat(TestDatabase.number(node(), "select count(*) from slots where xid = 'local 1'"))
                    .isEqualTo(1);
            connection.destroy();
        }
    }

    @Test
    void aNodeWithoutItsClusterIsNotUsed() throws Exception {
        TestDatabase.execute(node(), "set global wsrep_cluster_address = 'gcomm://127.0.0.1:1'");
        try {
            await().until(() -> !GaleraNode.hasItsCluster(node()));
            RepriseManagedConnectionFactory factory = factory(node().port());
            assertThatExceptionOfType(ResourceAllocationException.class)
                    .isThrownBy(() -> factory.createManagedConnection(null, null))
                    .withMessageContaining("WSREP has not yet prepared node");
            var elsewhere = factory(node().port());
            elsewhere.setFailoverUrls(TestDatabase.mariaDb().jdbcUrl());
            ManagedConnection connection = elsewhere.createManagedConnection(null, null);
            assertThat(connection.getXAResource()).isNotNull();
            connection.destroy();
        } finally {
            TestDatabase.execute(node(), "set global wsrep_cluster_address = 'gcomm://'");
            await().until(() -> GaleraNode.hasItsCluster(node()));
        }
    }
}

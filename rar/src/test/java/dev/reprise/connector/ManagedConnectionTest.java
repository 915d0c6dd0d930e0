// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static jakarta.resource.spi.ConnectionEvent.CONNECTION_CLOSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.xa.Bench;
import dev.reprise.xa.BranchId;
import dev.reprise.xa.Pooled;
import jakarta.resource.ResourceException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the container does with a connection in between: handles, return, association, destruction. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManagedConnectionTest {

    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    @Test
    void twoHandlesShareOneBranch() throws Exception {
        Pooled pooled = bench.open();
        Connection second = pooled.newHandle();
        pooled.start(xid);
        pooled.insert(row);
        Pooled.execute(second, "update work set n = 7 where name = '" + row + "'");
        pooled.handle().close();

        Pooled.execute(second, "update work set n = n + 1 where name = '" + row + "'");
        second.close();
        pooled.end(xid);
        pooled.xa().commit(xid, true);

        assertThat(bench.query("select n from work where name = '" + row + "'")).isEqualTo(8);
        assertThat(pooled.events()).containsExactly(CONNECTION_CLOSED, CONNECTION_CLOSED);
    }

    @Test
    void handlesAreInvalidAfterTheReturnAlsoInOtherThreads() throws Exception {
        Pooled pooled = bench.open();
        Connection second = pooled.newHandle();
        Statement statement = second.createStatement();

        pooled.managed().cleanup();

        assertThat(pooled.handle().isClosed()).isTrue();
        assertThat(second.isClosed()).isTrue();
        CompletableFuture.runAsync(() -> {
                    assertThatExceptionOfType(SQLException.class)
                            .isThrownBy(() -> statement.execute("insert into work (name) values ('" + row + "')"));
                    assertThatExceptionOfType(SQLException.class).isThrownBy(second::createStatement);
                })
                .get(15, TimeUnit.SECONDS);
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void theReturnRestoresWhatWasChanged() throws Exception {
        Pooled pooled = bench.open();
        int isolation = pooled.handle().getTransactionIsolation();
        pooled.handle().setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        pooled.handle().setReadOnly(true);
        pooled.handle().setAutoCommit(false);

        pooled.managed().cleanup();

        Connection next = pooled.newHandle();
        assertThat(next.getTransactionIsolation()).isEqualTo(isolation);
        assertThat(next.isReadOnly()).isFalse();
        assertThat(next.getAutoCommit()).isTrue();
    }

    @Test
    void aConnectionThatIsReturnedWithAnOpenBranchIsDestroyedAndItsWorkUndone() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        long session = pooled.session();

        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.managed().cleanup());

        Awaitility.await().atMost(Bench.SOON).until(() -> !bench.lives(session));
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void aConnectionThatIsReturnedWhilePreparedLeavesItsBranchToRecovery() throws Exception {
        Pooled pooled = bench.open();
        long session = pooled.work(xid, row);
        pooled.xa().prepare(xid);

        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.managed().cleanup());

        assertThat(bench.isPrepared(xid)).isTrue();
        Awaitility.await().atMost(Bench.SOON).until(() -> !bench.lives(session));
        pooled.xa().rollback(xid);
        assertThat(bench.isPrepared(xid)).isFalse();
    }

    @Test
    void aConnectionThatDiedBeforeItsReturnIsNotReused() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        bench.kill(pooled.session());
        pooled.xa().rollback(xid);

        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.managed().cleanup());
    }

    @Test
    void anAssociatedHandleWorksOnItsNewConnection() throws Exception {
        Pooled first = bench.open();
        Pooled second = bench.open();

        second.managed().associateConnection(first.handle());

        assertThat(first.session()).isEqualTo(second.session());
    }

    @Test
    void anAssociatedHandleOutlivesTheReturnOfItsFormerConnection() throws Exception {
        Pooled first = bench.open();
        Pooled second = bench.open();
        second.managed().associateConnection(first.handle());

        first.managed().cleanup();

        assertThat(first.session()).isEqualTo(second.session());
        second.managed().cleanup();
        assertThat(first.handle().isClosed()).isTrue();
    }

    @Test
    void aStatementFromBeforeTheAssociationDoesNotRunOnTheFormerConnection() throws Exception {
        Pooled first = bench.open();
        Pooled second = bench.open();
        Statement old = first.handle().createStatement();
        second.managed().associateConnection(first.handle());
        second.start(xid);

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> old.execute("insert into work (name) values ('" + row + "')"));

        second.xa().rollback(xid);
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void aHandleThatWasReturnedCanBeAssociatedAgain() throws Exception {
        Pooled first = bench.open();
        first.managed().cleanup();
        Pooled second = bench.open();

        second.managed().associateConnection(first.handle());

        assertThat(first.session()).isEqualTo(second.session());
    }

    @Test
    void nothingElseIsAssociated() throws Exception {
        Pooled pooled = bench.open();

        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.managed().associateConnection("a handle"));
    }

    @Test
    void destroyDoesNotWaitForASuspendedServer() throws Exception {
        Pooled pooled = bench.open();
        bench.database().suspend();
        try {
            assertTimeout(AT_ONCE, () -> pooled.managed().destroy());
        } finally {
            bench.database().resume();
        }
        assertThat(pooled.handle().isClosed()).isTrue();
    }

    @Test
    void destroyDoesNotWaitForABlackHole() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        bench.proxy().blackHole(true);

        assertTimeout(AT_ONCE, () -> pooled.managed().destroy());
    }

    @Test
    void aStatementRanOnAfterItsConnectionWasDestroyed() throws Exception {
        Pooled pooled = bench.open();
        long session = pooled.session();
        var sleeping = CompletableFuture.runAsync(() ->
                assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.execute("select sleep(300)")));
        Awaitility.await()
                .atMost(Bench.SOON)
                .until(() -> bench.query("select count(*) from information_schema.processlist where id = " + session
                                + " and info like '%sleep(%'")
                        == 1);

        assertTimeout(AT_ONCE, () -> pooled.managed().destroy());

        sleeping.get(15, TimeUnit.SECONDS);
    }

    @Test
    void theApplicationCanAbortItsConnectionFromAnotherThread() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        var sleeping = CompletableFuture.runAsync(() ->
                assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.execute("select sleep(300)")));

        assertTimeout(AT_ONCE, () -> pooled.handle().abort(Runnable::run));

        sleeping.get(15, TimeUnit.SECONDS);
        pooled.end(xid);
        assertThatCode(() -> pooled.xa().commit(xid, true)).isInstanceOf(javax.transaction.xa.XAException.class);
        assertThat(bench.isStored(row)).isFalse();
        assertThat(pooled.events()).isEmpty();
    }

    @Test
    void saysWhatItIsConnectedTo() throws Exception {
        Pooled pooled = bench.open();

        assertThat(pooled.managed().getMetaData().getEISProductName()).isEqualTo("MariaDB");
        try (Statement statement = pooled.handle().createStatement();
                ResultSet results = statement.executeQuery("select 1")) {
            assertThat(statement.getConnection()).isSameAs(pooled.handle());
            assertThat(results.getStatement()).isSameAs(statement);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.xa.Narayana.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.sql.SQLException;
import java.time.Duration;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a branch cannot do without waits no longer for an answer than its transaction has time, on a link that is silent. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Server.class)
class TransactionTimeoutTest {

    private static final int CONTROL_MILLIS = 50_000;

    /** Far from the control timeout; connecting and the search for a lost PREPARE take a second each. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    @RegisterExtension
    final Bench bench;

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    TransactionTimeoutTest(Server server) {
        bench = new Bench(server);
    }

    private Pooled open() throws Exception {
        var factory = bench.factory(CONTROL_MILLIS);
        factory.setConnectTimeoutMillis("1000");
        factory.setGuardTimeoutSeconds("1");
        return bench.open(factory);
    }

    @Test
    void isTakenAndTold() throws Exception {
        Pooled pooled = open();

        assertThat(pooled.xa().getTransactionTimeout()).isZero();
        assertThat(pooled.xa().setTransactionTimeout(7)).isTrue();
        assertThat(pooled.xa().getTransactionTimeout()).isEqualTo(7);
        assertThat(pooled.xa().setTransactionTimeout(-1)).isFalse();
    }

    @Test
    @Timeout(60) // in the thread that begins the transaction
    void theTransactionManagerTellsItsOwn() throws Exception {
        Pooled pooled = open();
        MANAGER.setTransactionTimeout(7);
        try {
            MANAGER.begin();
            MANAGER.getTransaction().enlistResource(pooled.xa());
            assertThat(pooled.xa().getTransactionTimeout()).isEqualTo(7);
            MANAGER.rollback();
        } finally {
            MANAGER.setTransactionTimeout(0);
        }
    }

    /** PostgreSQL is told only with the first statement. */
    @Test
    void aStartIsBounded() throws Exception {
        Pooled pooled = open();
        pooled.xa().setTransactionTimeout(1);
        bench.proxy().blackHole(true);

        Throwable told = assertTimeout(BOUND, () -> catchThrowable(() -> pooled.start(xid)));

        if (bench.server() == Server.MARIADB) {
            assertThat(told)
                    .isInstanceOfSatisfying(
                            XAException.class, e -> assertThat(e.errorCode).isEqualTo(XAException.XAER_RMFAIL));
        } else {
            assertThat(told).isNull();
        }
    }

    @Test
    void aPrepareIsBounded() throws Exception {
        Pooled pooled = open();
        pooled.xa().setTransactionTimeout(1);
        pooled.work(xid, row);
        bench.proxy().blackHole(true);

        int told = assertTimeout(BOUND, () -> Codes.code(() -> pooled.xa().prepare(xid)));

        assertThat(told).isEqualTo(XAException.XAER_RMFAIL);
        bench.proxy().blackHole(false);
        pooled.xa().rollback(xid);
        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.isStored(row)).isFalse();
    }

    /** Where the administrator wants it. */
    @Test
    void aStatementMayTakeNoLongerThanItsTransaction() throws Exception {
        var factory = bench.factory(CONTROL_MILLIS);
        factory.setQueryTimeoutFromTransaction("true");
        Pooled pooled = bench.open(factory);
        pooled.xa().setTransactionTimeout(2);
        pooled.start(xid);
        String sleep = bench.server() == Server.MARIADB ? "select sleep(40)" : "select pg_sleep(40)";

        Throwable told = assertTimeout(BOUND, () -> catchThrowable(() -> pooled.execute(sleep)));

        assertThat(told).isInstanceOf(SQLException.class);
        pooled.end(xid);
        pooled.xa().rollback(xid);
    }

    @Test
    void aLivingConnectionOutlivesItsTransactions() throws Exception {
        Pooled pooled = open();
        pooled.xa().setTransactionTimeout(1);
        long session = pooled.work(xid, row);
        assertThat(pooled.xa().prepare(xid)).isEqualTo(javax.transaction.xa.XAResource.XA_OK);
        pooled.xa().commit(xid, false);

        assertThat(pooled.session()).isEqualTo(session);
        assertThat(bench.isStored(row)).isTrue();
    }
}

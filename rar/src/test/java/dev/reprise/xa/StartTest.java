// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that is dead before its first use in a branch. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    @ParameterizedTest
    @EnumSource
    void aLostStartIsMadeAgainOnANewConnectionWithTheSameXid(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(1_500);
        long first = pooled.session();
        mishap.arm(bench, "xa start", first);

        assertTimeout(Bench.SOON, () -> pooled.start(xid));

        pooled.insert(row);
        assertThat(pooled.session()).isNotEqualTo(first);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.lives(first)).isFalse();
    }

    @Test
    void aKilledConnectionIsReplacedAndItsHandleGoesOn() throws Exception {
        Pooled pooled = bench.open();
        bench.kill(pooled.session());

        pooled.work(xid, row);
        pooled.xa().commit(xid, true);

        assertThat(bench.isStored(row)).isTrue();
        assertThat(pooled.events()).isEmpty();
        pooled.managed().cleanup();
    }

    @Test
    void aKilledConnectionIsNotReplacedIfWhatTheApplicationHasSetWouldBeLost() throws Exception {
        Pooled pooled = bench.open();
        pooled.handle().setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        bench.kill(pooled.session());

        XAException told = Codes.failure(() -> pooled.start(xid));

        assertThat(told.errorCode).isEqualTo(XAException.XAER_RMFAIL);
        assertThat(told)
                .hasRootCauseMessage("The connection was lost, and with it what had been set: [TRANSACTION_ISOLATION]");
    }

    @Test
    void whatWasMadeOnTheReplacedConnectionIsOfNoMoreUse() throws Exception {
        Pooled pooled = bench.open();
        try (PreparedStatement before = pooled.handle().prepareStatement("select 1")) {
            bench.kill(pooled.session());
            pooled.start(xid);

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(before::executeQuery)
                    .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("08003"));
        }
        pooled.execute("insert into work (name) values ('" + row + "')");
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void isReplacedOnceAndNotAgainAndAgain() throws Exception {
        Pooled pooled = bench.open();
        var twice = bench.proxy().onRequest("xa start").times(2).cutBefore();

        assertThat(Codes.code(() -> pooled.start(xid))).isEqualTo(XAException.XAER_RMFAIL);

        Awaitility.await().atMost(Bench.SOON).until(() -> twice.hits() == 2);
        pooled.work(xid, row);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void isNotStartedWhereNoServerCanBeReached() throws Exception {
        Pooled pooled = bench.open();
        bench.proxy().refuse();
        bench.proxy().resetAll();

        assertThat(Codes.code(() -> pooled.start(xid))).isEqualTo(XAException.XAER_RMFAIL);

        bench.proxy().accept();
        pooled.work(xid, row);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void waitedWithoutABoundForTheEndOfTheLostSession() throws Exception {
        Pooled pooled = bench.open(1_000);
        bench.kill(pooled.session());
        bench.proxy().onRequest("is_used_lock").stallBefore();

        assertTimeout(Bench.SOON, () -> {
            try {
                pooled.start(xid);
            } catch (XAException e) {
                assertThat(e.errorCode).isEqualTo(XAException.XAER_RMFAIL);
            }
        });
    }
}

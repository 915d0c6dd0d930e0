// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.database.CommitGuard;
import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MariaDB: KILL QUERY meets PREPARE in the middle, and the branch is gone while the session lives. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedPrepareTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    @Test
    void isRolledBackForCertain() throws Exception {
        Pooled pooled = bench.open();
        long session = pooled.work(xid, row);

        assertThat(interrupted(session, () -> Codes.codeOf(() -> pooled.xa().prepare(xid))))
                .isEqualTo(XAException.XA_RBROLLBACK);

        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(names = {"LEDGER", "TWO_PHASE"})
    void isRolledBackForCertainInOnePhase(CommitGuard guard) throws Exception {
        var factory = bench.factory(15_000);
        factory.setCommitGuard(guard.text());
        factory.setLedgerTable("slots");
        Pooled pooled = bench.open(factory);
        long session = pooled.work(xid, row);

        assertThat(interrupted(session, () -> Codes.codeOf(() -> pooled.xa().commit(xid, true))))
                .isEqualTo(XAException.XA_RBROLLBACK);

        assertNothingIsLeft();
    }

    @FunctionalInterface
    private interface Call {
        int run();
    }

    private int interrupted(long session, Call call) throws Exception {
        try (Connection backup = bench.database().administrator()) {
            Pooled.execute(backup, "backup stage start");
            Pooled.execute(backup, "backup stage block_commit");
            CompletableFuture<Integer> told = CompletableFuture.supplyAsync(call::run);
            Awaitility.await()
                    .atMost(Bench.SOON)
                    .until(() -> bench.query("select count(*) from information_schema.processlist where id = " + session
                                    + " and state like '%backup lock%'")
                            == 1);
            bench.administer("kill query " + session);
            int code = told.get(20, TimeUnit.SECONDS);
            Pooled.execute(backup, "backup stage end");
            return code;
        }
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(bench.isStored(row)).isFalse();
        assertThat(bench.isPrepared(xid)).isFalse();
        bench.administer("insert into work (name) values ('" + row + "')");
    }
}

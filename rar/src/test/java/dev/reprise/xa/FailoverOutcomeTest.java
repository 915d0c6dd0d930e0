// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.Trigger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The primary dies while commits are under way, and its replica takes its place: what is told is what the new primary
 * has. Without the promise that the old one is cut off and its log applied to the last, nothing is concluded from what
 * is not there.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailoverOutcomeTest {

    private static final int COMMITTED = 0;
    private static final int ROLLED_BACK = XAException.XA_RBCOMMFAIL;
    private static final int UNKNOWN = XAException.XA_HEURHAZ;

    private static final boolean[] FLAGS = {true, false};

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Future<Integer>> told = new LinkedHashMap<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** @param done whether the request arrives, and only its reply does not */
    private void commit(PairBench bench, CommitGuard guard, boolean fenced, boolean done) throws Exception {
        String row = row(guard, fenced, done);
        var factory = bench.factory(guard);
        factory.setFailoverFencing(fenced ? "guaranteed" : "none");
        factory.setGuardTimeoutSeconds(expected(guard, fenced, done) == UNKNOWN ? "2" : "20");
        Pooled pooled = bench.open(factory);
        BranchId xid = BranchId.of(row);
        long session = pooled.work(xid, row);
        String request = guard == CommitGuard.TWO_PHASE ? bench.server().words().commitPrepared() : "commit";
        var fault = bench.proxy().onRequest(request).inSession(each -> each == session);
        Trigger trigger = done ? fault.loseReplyAndStall() : fault.stallBefore();
        told.put(row, threads.submit(() -> Codes.codeOf(() -> pooled.xa().commit(xid, true))));
        trigger.awaitHit(Bench.SOON);
    }

    private int told(String row) throws Exception {
        return Objects.requireNonNull(told.get(row)).get(60, TimeUnit.SECONDS);
    }

    private static String row(CommitGuard guard, boolean fenced, boolean done) {
        return guard.text() + (fenced ? " fenced" : "") + (done ? " done" : "");
    }

    /** The new one has the branches that were prepared, the rows of the ledger, and nothing else that would name them. */
    private static int expected(CommitGuard guard, boolean fenced, boolean done) {
        if (guard == CommitGuard.TWO_PHASE) {
            return fenced || !done ? COMMITTED : UNKNOWN;
        }
        if (fenced) {
            return done ? COMMITTED : ROLLED_BACK;
        }
        return done && guard == CommitGuard.LEDGER ? COMMITTED : UNKNOWN;
    }

    private static List<CommitGuard> guards(Server server) {
        return server == Server.MARIADB
                ? List.of(CommitGuard.LEDGER, CommitGuard.TWO_PHASE)
                : List.of(CommitGuard.LEDGER, CommitGuard.TWO_PHASE, CommitGuard.NATIVE);
    }

    @ParameterizedTest
    @EnumSource
    void withAllThatTheOldOneHad(Server server) throws Exception {
        try (var bench = new PairBench(server)) {
            for (CommitGuard guard : guards(server)) {
                for (boolean fenced : FLAGS) {
                    commit(bench, guard, fenced, true);
                    commit(bench, guard, fenced, false);
                }
            }
            bench.pair().awaitCaughtUp();
            bench.pair().primary().kill();
            bench.pair().promote();

            for (CommitGuard guard : guards(server)) {
                for (boolean fenced : FLAGS) {
                    for (boolean done : FLAGS) {
                        verify(bench, guard, fenced, done);
                    }
                }
            }
            assertThat(bench.pair().primary().preparedXids()).isEmpty();
        }
    }

    private void verify(PairBench bench, CommitGuard guard, boolean fenced, boolean done) throws Exception {
        String row = row(guard, fenced, done);
        assertThat(told(row)).as(row).isEqualTo(expected(guard, fenced, done));
        assertThat(PairBench.isStored(bench.pair().primary(), row))
                .as(row)
                .isEqualTo(done || guard == CommitGuard.TWO_PHASE);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheNewOneHadNotGotIsUnknown(Server server) throws Exception {
        List<CommitGuard> alike = guards(server).stream()
                .filter(each -> each != CommitGuard.TWO_PHASE)
                .toList();
        try (var bench = new PairBench(server)) {
            bench.pair().replica().stop();
            for (CommitGuard guard : alike) {
                commit(bench, guard, false, true);
                assertThat(PairBench.isStored(bench.pair().primary(), row(guard, false, true)))
                        .isTrue();
            }
            bench.pair().primary().kill();
            bench.pair().replica().start();
            bench.pair().promote();

            for (CommitGuard guard : alike) {
                String row = row(guard, false, true);
                assertThat(told(row)).as(row).isEqualTo(UNKNOWN);
                assertThat(PairBench.isStored(bench.pair().primary(), row)).isFalse();
            }
        }
    }
}

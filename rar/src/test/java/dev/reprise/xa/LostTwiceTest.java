// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.database.CommitGuard.LEDGER;
import static dev.reprise.database.CommitGuard.NATIVE;
import static dev.reprise.database.CommitGuard.TWO_PHASE;
import static dev.reprise.xa.Server.MARIADB;
import static dev.reprise.xa.Server.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;
import static org.awaitility.Awaitility.await;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.RequestFault;
import dev.reprise.testsupport.Trigger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A commit is lost, and then each request of the search for it, one after the other, unseen by the server or only with its
 * reply: what is told is what is stored. One fault alone does not show what becomes of an answer that the search itself
 * has lost.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LostTwiceTest {

    /** More than any search asks; the loop ends where the search does. */
    private static final int MOST_REQUESTS = 40;

    /** A server takes its time to start: not each request is met. */
    private static final int STEP = Integer.getInteger("lost.step", 4);

    /** What is lost, by a text that only this request of the transaction's session contains. */
    record Request(Server server, CommitGuard guard, boolean local, String marker) {}

    private static final List<Request> REQUESTS = List.of(
            new Request(MARIADB, LEDGER, false, "xa commit"),
            new Request(MARIADB, LEDGER, true, "commit"),
            new Request(MARIADB, TWO_PHASE, false, "xa prepare"),
            new Request(MARIADB, TWO_PHASE, false, "xa commit"),
            new Request(POSTGRESQL, LEDGER, false, "commit"),
            new Request(POSTGRESQL, LEDGER, true, "commit"),
            new Request(POSTGRESQL, TWO_PHASE, false, "prepare transaction"),
            new Request(POSTGRESQL, TWO_PHASE, false, "commit prepared"),
            new Request(POSTGRESQL, NATIVE, false, "commit"),
            new Request(POSTGRESQL, NATIVE, true, "commit"));

    enum Loss {
        CUT_BEFORE {
            @Override
            Trigger arm(RequestFault request) {
                return request.cutBefore();
            }
        },
        REPLY_LOST {
            @Override
            Trigger arm(RequestFault request) {
                return request.cutAfter();
            }
        };

        abstract Trigger arm(RequestFault request);
    }

    /** The server is killed while the request is on its way to it, and started again. */
    @ParameterizedTest
    @MethodSource("killed")
    void theServerIsKilledWhileItIsAsked(Request request, Loss first) throws Exception {
        var bench = new Bench(request.server());
        try {
            int asked = 0;
            while (commit(bench, request, first, RequestFault::pauseBefore, () -> restart(bench), asked + 1)) {
                asked += STEP;
                assertThat(asked).isLessThan(MOST_REQUESTS);
            }
            assertThat(asked).as("requests of the search").isPositive();
        } finally {
            bench.close();
        }
    }

    static Stream<Object[]> killed() {
        return REQUESTS.stream()
                .flatMap(request -> Arrays.stream(Loss.values()).map(first -> new Object[] {request, first}));
    }

    private static void restart(Bench bench) {
        bench.database().kill();
        bench.database().start();
        bench.proxy().disarmAll();
    }

    static Stream<Object[]> pairs() {
        return REQUESTS.stream()
                .flatMap(request -> Arrays.stream(Loss.values())
                        .flatMap(first ->
                                Arrays.stream(Loss.values()).map(second -> new Object[] {request, first, second})));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatIsToldIsWhatIsStored(Request request, Loss first, Loss second) throws Exception {
        var bench = new Bench(request.server());
        try {
            int asked = 0;
            while (commit(bench, request, first, second::arm, () -> {}, asked + 1)) {
                asked++;
                assertThat(asked).isLessThan(MOST_REQUESTS);
            }
            assertThat(asked).as("requests of the search").isPositive();
        } finally {
            bench.close();
        }
    }

    /**
     * @param second at the request of the search that has this number, with what is to be done then
     * @return whether the search has asked so often
     */
    private static boolean commit(
            Bench bench, Request request, Loss first, Function<RequestFault, Trigger> second, Runnable then, int number)
            throws Exception {
        String row = Bench.name();
        BranchId xid = BranchId.of(row);
        Pooled pooled = bench.open(factory(bench, request.guard()));
        try {
            long session = begin(pooled, request, xid, row);
            Trigger lost = first.arm(bench.proxy().onRequest(request.marker()).inSession(id -> id == session));
            var asked = new AtomicInteger();
            Trigger again = second.apply(bench.proxy()
                    .onAnyRequest()
                    .inSession(id -> lost.hits() > 0 && id != session && id != 0 && asked.incrementAndGet() == number));

            CompletableFuture<Boolean> told = CompletableFuture.supplyAsync(() -> isCommitted(pooled, request, xid));
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> told.isDone() || again.hits() > 0);
            boolean met = again.hits() > 0;
            if (met) {
                then.run();
            }
            boolean committed = told.get(30, TimeUnit.SECONDS);

            assertThat(lost.hits()).isOne();
            assertThat(bench.isStored(row))
                    .as("request %d of the search", number)
                    .isEqualTo(committed);
            assertThat(bench.database().preparedXids()).isEmpty();
            return met;
        } finally {
            bench.proxy().disarmAll();
            pooled.managed().destroy();
        }
    }

    private static RepriseManagedConnectionFactory factory(Bench bench, CommitGuard guard) {
        RepriseManagedConnectionFactory factory = bench.factory(3_000);
        factory.setCommitGuard(guard.text());
        factory.setLedgerTable("slots");
        factory.setGuardTimeoutSeconds("10");
        return factory;
    }

    private static long begin(Pooled pooled, Request request, BranchId xid, String row) throws Exception {
        if (!request.local()) {
            return pooled.work(xid, row);
        }
        pooled.local().begin();
        pooled.insert(row);
        return pooled.session();
    }

    /** Anything but a commit and a rollback fails the test: the database can be asked. */
    private static boolean isCommitted(Pooled pooled, Request request, BranchId xid) {
        if (request.local()) {
            Exception failure = catchException(() -> pooled.local().commit());
            assertThat(failure == null || String.valueOf(failure.getMessage()).contains("rolled back"))
                    .as("%s", failure)
                    .isTrue();
            return failure == null;
        }
        int code = Codes.codeOf(() -> pooled.xa().commit(xid, true));
        assertThat(code).isIn(0, XAException.XA_RBCOMMFAIL);
        return code == 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.database.CommitGuard.LEDGER;
import static dev.reprise.database.CommitGuard.NATIVE;
import static dev.reprise.database.CommitGuard.TWO_PHASE;
import static dev.reprise.xa.Server.MARIADB;
import static dev.reprise.xa.Server.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.RequestFault;
import dev.reprise.testsupport.Trigger;
import jakarta.resource.ResourceException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A commit is lost, and then each request of the search for it, one after the other, unseen by the server or only with its reply: what is told is what is
 * stored. One fault alone has shown nothing of three errors that a soak found.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LostTwiceTest {

    /** More than any search asks; the loop ends where the search does. */
    private static final int MOST_REQUESTS = 40;

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
            while (commit(bench, request, first, second, asked + 1)) {
                asked++;
                assertThat(asked).isLessThan(MOST_REQUESTS);
            }
            assertThat(asked).as("requests of the search").isPositive();
        } finally {
            bench.close();
        }
    }

    /** @return whether the search has asked so often */
    private static boolean commit(Bench bench, Request request, Loss first, Loss second, int number) throws Exception {
        String row = Bench.name();
        BranchId xid = BranchId.of(row);
        Pooled pooled = bench.open(factory(bench, request.guard()));
        try {
            long session = begin(pooled, request, xid, row);
            Trigger lost = first.arm(bench.proxy().onRequest(request.marker()).inSession(id -> id == session));
            var asked = new AtomicInteger();
            Trigger again = second.arm(bench.proxy()
                    .onAnyRequest()
                    .inSession(id -> lost.hits() > 0 && id != session && id != 0 && asked.incrementAndGet() == number));

            boolean committed = isCommitted(pooled, request, xid);

            assertThat(lost.hits()).isOne();
            assertThat(bench.isStored(row))
                    .as("request %d of the search", number)
                    .isEqualTo(committed);
            assertThat(bench.database().preparedXids()).isEmpty();
            assertThat(bench.lives(session)).isFalse();
            return again.hits() > 0;
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
    private static boolean isCommitted(Pooled pooled, Request request, BranchId xid) throws ResourceException {
        if (request.local()) {
            try {
                pooled.local().commit();
                return true;
            } catch (ResourceException e) {
                assertThat(e).hasMessageContaining("rolled back");
                return false;
            }
        }
        int code = Codes.codeOf(() -> pooled.xa().commit(xid, true));
        assertThat(code).isIn(0, XAException.XA_RBCOMMFAIL);
        return code == 0;
    }
}

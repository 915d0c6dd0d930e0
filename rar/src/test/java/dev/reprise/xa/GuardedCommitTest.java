// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.database.CommitGuard.LEDGER;
import static dev.reprise.database.CommitGuard.NATIVE;
import static dev.reprise.database.CommitGuard.TWO_PHASE;
import static dev.reprise.xa.Server.MARIADB;
import static dev.reprise.xa.Server.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.Pause;
import dev.reprise.testsupport.Trigger;
import jakarta.resource.ResourceException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each request of each guarded commit is lost in each way; what is told afterwards is what is stored. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardedCommitTest {

    private static final int CONTROL_MILLIS = 1_500;

    /** A request of a commit on the wire. */
    record Request(Server server, CommitGuard guard, String marker) {}

    private static final List<Request> BRANCH = List.of(
            new Request(MARIADB, LEDGER, "xa commit"),
            new Request(MARIADB, TWO_PHASE, "xa prepare"),
            new Request(MARIADB, TWO_PHASE, "xa commit"),
            new Request(POSTGRESQL, LEDGER, "commit"),
            new Request(POSTGRESQL, TWO_PHASE, "prepare transaction"),
            new Request(POSTGRESQL, TWO_PHASE, "commit prepared"),
            new Request(POSTGRESQL, NATIVE, "if_assigned"),
            new Request(POSTGRESQL, NATIVE, "commit"));

    private static final List<Request> LOCAL = List.of(
            new Request(MARIADB, LEDGER, "commit"),
            new Request(POSTGRESQL, LEDGER, "commit"),
            new Request(POSTGRESQL, NATIVE, "if_assigned"),
            new Request(POSTGRESQL, NATIVE, "commit"));

    static Stream<Object[]> branches() {
        return mishaps(BRANCH);
    }

    static Stream<Object[]> localTransactions() {
        return mishaps(LOCAL);
    }

    private static Stream<Object[]> mishaps(List<Request> requests) {
        return requests.stream()
                .flatMap(request -> Arrays.stream(Mishap.values()).map(mishap -> new Object[] {request, mishap}));
    }

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);
    private @Nullable Bench bench;

    @AfterEach
    void close() throws Exception {
        if (bench != null) {
            bench.close();
        }
    }

    private static Pooled open(Bench bench, CommitGuard guard) throws ResourceException {
        return bench.open(factory(bench, guard));
    }

    private static RepriseManagedConnectionFactory factory(Bench bench, CommitGuard guard) {
        RepriseManagedConnectionFactory factory = bench.factory(CONTROL_MILLIS);
        factory.setCommitGuard(guard.text());
        factory.setLedgerTable("slots");
        factory.setGuardTimeoutSeconds("10");
        return factory;
    }

    @ParameterizedTest
    @MethodSource("branches")
    void aBranchInOnePhase(Request request, Mishap mishap) throws Exception {
        Bench on = new Bench(request.server());
        bench = on;
        Pooled pooled = open(on, request.guard());
        long session = pooled.work(xid, row);
        mishap.arm(on, request.marker(), session);

        boolean committed = assertTimeout(Bench.SOON, () -> {
            try {
                pooled.xa().commit(xid, true);
                return true;
            } catch (XAException e) {
                assertThat(e.errorCode).isEqualTo(XAException.XA_RBCOMMFAIL);
                return false;
            }
        });

        assertThat(on.isStored(row)).isEqualTo(committed);
        assertThat(on.database().preparedXids()).isEmpty();
        assertThat(on.lives(session)).isFalse();
    }

    /** The branch was found prepared, is committed on another connection, and that reply is lost as well. */
    @ParameterizedTest
    @EnumSource(Server.class)
    void theSearchLosesTheReplyOfItsOwnCommit(Server server) throws Exception {
        Bench on = new Bench(server);
        bench = on;
        Pooled pooled = open(on, TWO_PHASE);
        long session = pooled.work(xid, row);
        Mishap.REPLY_LOST.arm(on, server == MARIADB ? "xa prepare" : "prepare transaction", session);
        on.proxy()
                .onRequest(server == MARIADB ? "xa commit" : "commit prepared")
                .inSession(id -> id != session)
                .cutAfter();

        assertThat(Codes.codeOf(() -> pooled.xa().commit(xid, true))).isZero();

        assertThat(on.isStored(row)).isTrue();
        assertThat(on.database().preparedXids()).isEmpty();
    }

    static Stream<Request> requests() {
        return BRANCH.stream();
    }

    /** The network had held it back, and nobody has told the server that its client has gone. */
    @ParameterizedTest
    @MethodSource("requests")
    void aRequestThatArrivesAfterTheAnswerChangesNothing(Request request) throws Exception {
        Bench on = new Bench(request.server());
        bench = on;
        Pooled pooled = open(on, request.guard());
        long session = pooled.work(xid, row);
        Pause pause = on.proxy()
                .onRequest(request.marker())
                .inSession(id -> id == session)
                .pauseBefore();
        CompletableFuture<Integer> told = CompletableFuture.supplyAsync(
                () -> Codes.codeOf(() -> pooled.xa().commit(xid, true)));
        pause.awaitReached(Bench.SOON);
        on.proxy().leaveHalfOpen();

        int code = told.get(20, TimeUnit.SECONDS);
        boolean stored = on.isStored(row);
        boolean lived = on.lives(session);
        pause.release();

        assertThat(code).isIn(0, XAException.XA_RBCOMMFAIL);
        assertThat(stored).isEqualTo(code == 0);
        assertThat(lived).as("the session, when the answer was given").isFalse();
        assertThat(on.isStored(row)).isEqualTo(stored);
        assertThat(on.database().preparedXids()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("localTransactions")
    void aLocalTransaction(Request request, Mishap mishap) throws Exception {
        Bench on = new Bench(request.server());
        bench = on;
        Pooled pooled = open(on, request.guard());
        pooled.local().begin();
        pooled.insert(row);
        long session = pooled.session();
        mishap.arm(on, request.marker(), session);

        boolean committed = assertTimeout(Bench.SOON, () -> {
            try {
                pooled.local().commit();
                return true;
            } catch (ResourceException e) {
                assertThat(e).hasMessageContaining("rolled back");
                return false;
            }
        });

        assertThat(on.isStored(row)).isEqualTo(committed);
        assertThat(on.lives(session)).isFalse();
    }

    static Stream<Request> replaced() {
        return Stream.of(
                new Request(MARIADB, LEDGER, "xa commit"),
                new Request(MARIADB, TWO_PHASE, "xa commit"),
                new Request(POSTGRESQL, LEDGER, "commit"),
                new Request(POSTGRESQL, NATIVE, "commit"));
    }

    /** It has other data, whatever its address: nothing is concluded from what it does not have. */
    @ParameterizedTest
    @MethodSource("replaced")
    void aServerThatTookThePlaceOfAnotherProvesNothing(Request request) throws Exception {
        Bench on = new Bench(request.server());
        bench = on;
        RepriseManagedConnectionFactory factory = factory(on, request.guard());
        factory.setGuardTimeoutSeconds("2");
        Pooled pooled = on.open(factory);
        Pooled later = on.open(factory);
        long session = pooled.work(xid, row);
        try (DatabaseServer other = request.server().startAnother()) {
            on.proxy()
                    .onRequest(request.marker())
                    .inSession(id -> id == session)
                    .cutAfter();
            on.proxy().retarget(other.port());

            assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_HEURHAZ);
            assertThat(Codes.codeOf(() -> later.xa().rollback(xid)))
                    .as("nobody decides while it is looked for")
                    .isEqualTo(XAException.XAER_RMFAIL);
        }
        on.proxy().retarget(on.database().port());
        assertThat(on.isStored(row)).isTrue();
        Awaitility.await()
                .atMost(Bench.SOON)
                .until(() -> Codes.codeOf(() -> later.xa().rollback(xid)) == XAException.XA_HEURCOM);
    }

    static Stream<Request> restarted() {
        return Stream.concat(BRANCH.stream(), Stream.of(new Request(MARIADB, LEDGER, "xa commit")))
                .filter(request -> !request.marker().contains("prepare"))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("restarted")
    void theServerIsKilledWithTheCommitOnItsWayAndStartedAgain(Request request) throws Exception {
        Bench on = new Bench(request.server());
        bench = on;
        Pooled pooled = open(on, request.guard());
        long session = pooled.work(xid, row);
        Pause pause = on.proxy()
                .onRequest(request.marker())
                .inSession(id -> id == session)
                .pauseBefore();
        CompletableFuture<Integer> told = CompletableFuture.supplyAsync(
                () -> Codes.codeOf(() -> pooled.xa().commit(xid, true)));
        pause.awaitReached(Bench.SOON);
        on.database().kill();
        pause.release();
        on.database().start();

        int code = told.get(30, TimeUnit.SECONDS);

        assertThat(code).isIn(0, XAException.XA_RBCOMMFAIL);
        assertThat(on.isStored(row)).isEqualTo(code == 0);
        assertThat(on.database().preparedXids()).isEmpty();
    }

    /**
     * What was not durable is lost with its number, and the server gives that to whoever comes next. Whether it was
     * durable is for the server's own threads to say, so that it may take several crashes.
     */
    @Test
    void aNumberThatACrashedPostgreSqlHasGivenAwayIsNotTakenForTheLostTransaction() throws Exception {
        Bench on = new Bench(POSTGRESQL);
        bench = on;
        on.administer("alter system set wal_writer_delay = '10s'");
        boolean givenAway = false;
        for (int i = 0; i < 6 && !givenAway; i++) {
            givenAway = crashAndSeeWhetherTheNumberIsGivenAway(on, row + "n" + i);
        }
        on.administer("alter system reset wal_writer_delay");
        on.query("select pg_reload_conf()::int");
        assertThat(givenAway).isTrue();
    }

    /** The log has grown beyond the lost transaction when the server is asked; but one of our sessions has seen it before. */
    @Test
    void aNumberThatWasGivenAwayBetweenTwoRestartsIsNotTakenForTheLostTransaction() throws Exception {
        Bench on = new Bench(POSTGRESQL);
        bench = on;
        on.administer("alter system set wal_writer_delay = '10s'");
        boolean givenAway = false;
        for (int i = 0; i < 6 && !givenAway; i++) {
            givenAway = crashAndRestart(on, row + "r" + i);
        }
        on.administer("alter system reset wal_writer_delay");
        on.query("select pg_reload_conf()::int");
        assertThat(givenAway).isTrue();
    }

    private static boolean crashAndRestart(Bench on, String row) throws Exception {
        Crash crash = crash(on, row);
        Trigger question =
                on.proxy().onRequest("select (checkpoint_lsn").times(1_000).cutBefore();
        on.proxy().accept();
        question.awaitHit(Bench.SOON);
        on.proxy().refuse();
        on.proxy().disarmAll();
        on.database().restart();
        return toldTheTruth(on, row, crash);
    }

    private static boolean crashAndSeeWhetherTheNumberIsGivenAway(Bench on, String row) throws Exception {
        return toldTheTruth(on, row, crash(on, row));
    }

    private static boolean toldTheTruth(Bench on, String row, Crash crash) throws Exception {
        on.proxy().accept();

        assertThat(crash.told().get(60, TimeUnit.SECONDS)).isEqualTo(XAException.XA_RBCOMMFAIL);
        assertThat(on.isStored(row)).isFalse();
        return crash.givenAway();
    }

    /** @param givenAway whether the number of the lost transaction is that of a committed one now */
    private record Crash(CompletableFuture<Integer> told, boolean givenAway) {}

    /** With a commit on its way; nobody can ask the server, which is up again. */
    private static Crash crash(Bench on, String row) throws Exception {
        on.query("select pg_reload_conf()::int");
        RepriseManagedConnectionFactory factory = factory(on, NATIVE);
        factory.setGuardTimeoutSeconds("40");
        Pooled pooled = on.open(factory);
        on.administer("checkpoint");
        BranchId xid = BranchId.of(row);
        long session = pooled.work(xid, row);
        long number = on.query("select txid_snapshot_xmax(txid_current_snapshot()) - 1");
        Pause pause =
                on.proxy().onRequest("commit").inSession(id -> id == session).pauseBefore();
        CompletableFuture<Integer> told = CompletableFuture.supplyAsync(
                () -> Codes.codeOf(() -> pooled.xa().commit(xid, true)));
        pause.awaitReached(Bench.SOON);
        on.database().kill();
        on.proxy().refuse();
        pause.release();
        on.database().start();
        for (int i = 0; i < 5; i++) {
            on.administer("insert into work (name) values ('" + row + "-" + i + "')");
        }
        return new Crash(
                told,
                on.query("select case pg_xact_status('" + number + "'::xid8) when 'committed' then 1 else 0 end") == 1);
    }
}

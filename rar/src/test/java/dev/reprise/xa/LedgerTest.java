// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.database.Xids;
import dev.reprise.testsupport.Pause;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ManagedConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a row of the ledger proves, and what it does not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LedgerTest {

    private static final int CONTROL_MILLIS = 1_500;

    private final String row = Bench.name();
    private final String table = "ledger_" + row;
    private final BranchId xid = BranchId.of(row);
    private @Nullable Bench used;

    private Bench bench(Server server) throws SQLException {
        var bench = new Bench(server);
        used = bench;
        administerAsUser(bench, server.slots(table));
        return bench;
    }

    @AfterEach
    void close() throws Exception {
        if (used != null) {
            used.close();
            administerAsUser(used, "drop table if exists " + table);
        }
    }

    private static void administerAsUser(Bench bench, String sql) throws SQLException {
        try (Connection connection = bench.database().connect()) {
            Pooled.execute(connection, sql);
        }
    }

    private RepriseManagedConnectionFactory factory(Bench bench) {
        RepriseManagedConnectionFactory factory = bench.factory(CONTROL_MILLIS);
        factory.setCommitGuard("ledger");
        factory.setLedgerTable(table);
        factory.setGuardTimeoutSeconds("3");
        return factory;
    }

    private long slots(Bench bench) throws SQLException {
        return bench.query("select count(*) from " + table);
    }

    @ParameterizedTest
    @EnumSource
    void hasOneRowForEachConnectionHoweverManyTransactionsItHas(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        Pooled pooled = bench.open(factory);
        bench.open(factory);

        for (int i = 0; i < 5; i++) {
            pooled.work(BranchId.of(row + i), row + i);
            pooled.xa().commit(BranchId.of(row + i), true);
        }

        assertThat(slots(bench)).isEqualTo(2);
        assertThat(bench.query(
                        "select count(*) from " + table + " where xid = '" + Xids.text(BranchId.of(row + 4)) + "'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatIsFreeIsUsedAgain(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        bench.open(factory).managed().destroy();
        long first = bench.query("select generation from " + table);
        for (int i = 0; i < 4; i++) {
            Pooled pooled = bench.open(factory);
            if (i % 2 == 0) {
                bench.kill(pooled.session());
            }
            pooled.managed().destroy();
        }
        assertThat(slots(bench)).isEqualTo(1);
        assertThat(bench.query("select generation from " + table)).isEqualTo(first + 4);
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfAnEarlierRunAreUsedAgainAndItsHalfOpenSessionsEnded(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        Pooled before = bench.open(factory);
        long halfOpen = before.work(xid, row);
        bench.administer("update " + table + " set owner = replace(owner, '/', '/earlier')");

        Pooled after = bench.open(factory(bench));

        assertThat(slots(bench)).isEqualTo(1);
        assertThat(bench.lives(halfOpen)).isFalse();
        after.insert(row);
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfAnotherServerAreLeftAlone(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory other = factory(bench);
        other.setNodeName("other");
        Pooled elsewhere = bench.open(other);
        long session = elsewhere.work(xid, row);
        bench.administer("update " + table + " set owner = replace(owner, '/', '/earlier')");

        bench.open(factory(bench));

        assertThat(slots(bench)).isEqualTo(2);
        assertThat(bench.lives(session)).isTrue();
        elsewhere.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aCommitThatComesTooLateDoesNotFindItsRow(Server server) throws Exception {
        Bench bench = bench(server);
        Pooled pooled = bench.open(factory(bench));
        pooled.work(xid, row);
        bench.administer("update " + table + " set generation = generation + 1");

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_RBROLLBACK);

        assertThat(bench.isStored(row)).isFalse();
        administerAsUser(bench, "insert into work (name) values ('" + row + "')");
        assertGoesOn(bench, pooled);
    }

    @ParameterizedTest
    @EnumSource
    void aLocalTransactionWhoseRowIsGoneIsRolledBackAndTheNextOneHasAnother(Server server) throws Exception {
        Bench bench = bench(server);
        Pooled pooled = bench.open(factory(bench));
        pooled.local().begin();
        pooled.insert(row);
        bench.administer("delete from " + table);

        assertThatCode(() -> pooled.local().commit()).isInstanceOf(LocalTransactionException.class);

        assertThat(bench.isStored(row)).isFalse();
        pooled.local().begin();
        pooled.insert(row + "b");
        pooled.local().commit();
        assertThat(bench.isStored(row + "b")).isTrue();
        assertThat(slots(bench)).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatIsGoneProvesNothing(Server server) throws Exception {
        Bench bench = bench(server);
        Pooled pooled = bench.open(factory(bench));
        long session = pooled.work(xid, row);
        Mishap.REPLY_LOST.arm(bench, "commit", session);
        Pause pause = bench.proxy().onRequest("select generation, holder").pauseBefore();
        CompletableFuture<Integer> told = CompletableFuture.supplyAsync(
                () -> Codes.codeOf(() -> pooled.xa().commit(xid, true)));
        pause.awaitReached(Bench.SOON);
        bench.administer("delete from " + table);
        pause.release();

        assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(XAException.XA_HEURHAZ);
        assertThat(bench.isStored(row)).isTrue();
    }

    /** A commit must not fail because of its guard. */
    @ParameterizedTest
    @EnumSource
    void aReadOnlyTransactionIsCommitted(Server server) throws Exception {
        Bench bench = bench(server);
        Pooled pooled = bench.open(factory(bench));
        administerAsUser(bench, "insert into work (name) values ('" + row + "')");
        pooled.execute(server.readOnly());
        pooled.start(xid);
        pooled.execute("select * from work");
        pooled.end(xid);

        assertThatCode(() -> pooled.xa().commit(xid, true)).doesNotThrowAnyException();

        pooled.start(BranchId.of(row + "b"));
        pooled.execute("select * from work");
        pooled.end(BranchId.of(row + "b"));
        assertThat(pooled.xa().prepare(BranchId.of(row + "b"))).isEqualTo(XAResource.XA_OK);
        pooled.xa().commit(BranchId.of(row + "b"), false);
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionThatDidNothingWritesNoRowAndIsNotPrepared(Server server) throws Exception {
        Bench bench = bench(server);
        Pooled pooled = bench.open(factory(bench));
        pooled.start(xid);
        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.query("select count(*) from " + table + " where xid <> ''"))
                .isZero();

        pooled.start(xid);
        pooled.end(xid);
        assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_RDONLY);
        pooled.work(BranchId.of(row + "b"), row);
        pooled.xa().commit(BranchId.of(row + "b"), true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheTableAnotherGuardIsUsed(Server server) throws Exception {
        Bench bench = bench(server);
        administerAsUser(bench, "drop table " + table);
        Pooled pooled = bench.open(factory(bench));
        long session = pooled.work(xid, row);
        Mishap.REPLY_LOST.arm(bench, "commit", session);

        pooled.xa().commit(xid, true);

        assertThat(bench.isStored(row)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheRightAnotherGuardIsUsed(Server server) throws Exception {
        Bench bench = bench(server);
        administerAsUser(bench, "drop table " + table);
        bench.administer(server.slots(table));
        bench.administer("grant select on " + table + " to " + bench.database().user());
        Pooled pooled = bench.open(factory(bench));
        long session = pooled.work(xid, row);
        Mishap.REPLY_LOST.arm(bench, "commit", session);

        pooled.xa().commit(xid, true);

        assertThat(bench.isStored(row)).isTrue();
        bench.administer("drop table " + table);
    }

    /** On MariaDB the transaction goes on without; on PostgreSQL the refusal has undone it. */
    @ParameterizedTest
    @EnumSource
    void whenTheTableIsDroppedNothingIsSaidThatIsNotTrue(Server server) throws Exception {
        Bench bench = bench(server);
        Pooled pooled = bench.open(factory(bench));
        pooled.work(xid, row);
        administerAsUser(bench, "drop table " + table);

        int told = Codes.codeOf(() -> pooled.xa().commit(xid, true));

        assertThat(bench.isStored(row)).isEqualTo(told == 0);
        assertThat(told).isEqualTo(server == Server.MARIADB ? 0 : XAException.XA_RBROLLBACK);
        pooled.work(BranchId.of(row + "b"), row + "b");
        pooled.xa().commit(BranchId.of(row + "b"), true);
        assertThat(bench.isStored(row + "b")).isTrue();
    }

    /** The numbers of its rows begin anew, as after a TRUNCATE on MariaDB. */
    @ParameterizedTest
    @EnumSource
    void aTableThatIsMadeAnewGivesNoRowTwice(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        bench.open(factory).managed().destroy();
        makeAnew(bench, server);

        Pooled first = bench.open(factory);
        Pooled second = bench.open(factory);

        assertThat(slots(bench)).isEqualTo(2);
        first.work(xid, row);
        first.xa().commit(xid, true);
        second.work(BranchId.of(row + "b"), row + "b");
        second.xa().commit(BranchId.of(row + "b"), true);
    }

    /** It would overwrite what the other has to find there. */
    @ParameterizedTest
    @EnumSource
    void aTableThatIsMadeAnewHasNoRowOfASessionOfBefore(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        Pooled before = bench.open(factory);
        before.work(xid, row);
        makeAnew(bench, server);
        Pooled after = bench.open(factory);
        long session = after.work(BranchId.of(row + "b"), row + "b");
        Mishap.REPLY_LOST.arm(bench, "commit", session);
        Pause search = bench.proxy().onRequest("select generation, holder").pauseBefore();
        CompletableFuture<Integer> told = CompletableFuture.supplyAsync(() ->
                Codes.codeOf(() -> after.xa().commit(BranchId.of(row + "b"), true)));
        search.awaitReached(Bench.SOON);

        assertThat(Codes.code(() -> before.xa().commit(xid, true))).isEqualTo(XAException.XA_RBROLLBACK);

        search.release();
        assertThat(told.get(20, TimeUnit.SECONDS)).isZero();
        assertThat(bench.isStored(row)).isFalse();
        assertThat(bench.isStored(row + "b")).isTrue();
        assertGoesOn(bench, before);
    }

    /** Its connection has another row. */
    private void assertGoesOn(Bench bench, Pooled pooled) throws Exception {
        pooled.work(BranchId.of(row + "c"), row + "c");
        pooled.xa().commit(BranchId.of(row + "c"), true);
        assertThat(bench.isStored(row + "c")).isTrue();
        assertThat(bench.query(
                        "select count(*) from " + table + " where xid = '" + Xids.text(BranchId.of(row + "c")) + "'"))
                .isOne();
    }

    private void makeAnew(Bench bench, Server server) throws SQLException {
        administerAsUser(bench, "drop table " + table);
        administerAsUser(bench, server.slots(table));
    }

    /** Nobody falls back to another guard because others claim at the same moment. */
    @ParameterizedTest
    @EnumSource
    void manyConnectionsClaimAtOnce(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        int connections = 12;
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        for (int round = 0; round < 3; round++) {
            var opening = new ArrayList<CompletableFuture<ManagedConnection>>();
            for (int i = 0; i < connections; i++) {
                opening.add(CompletableFuture.supplyAsync(() -> create(factory), threads));
            }
            for (CompletableFuture<ManagedConnection> each : opening) {
                each.get(20, TimeUnit.SECONDS);
            }
            assertThat(bench.query("select count(*) from " + table + " where xid = ''"))
                    .isEqualTo(connections);
            for (CompletableFuture<ManagedConnection> each : opening) {
                each.get().destroy();
            }
            bench.administer("update " + table + " set xid = 'not claimed since'");
        }
        threads.shutdown();
    }

    private static ManagedConnection create(RepriseManagedConnectionFactory factory) {
        try {
            return factory.createManagedConnection(null, null);
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What could not be found out in time is found out later, and answered to who asks by the transaction's name. */
    @ParameterizedTest
    @EnumSource
    void theSearchGoesOnAfterTheCallerWasToldThatTheOutcomeIsUnknown(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        factory.setGuardTimeoutSeconds("1");
        Pooled pooled = bench.open(factory);
        Pooled later = bench.open(factory);
        long session = pooled.work(xid, row);
        bench.proxy().onRequest("commit").inSession(id -> id == session).cutAfter();
        bench.proxy().refuse();

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_HEURHAZ);
        assertThat(bench.isStored(row)).isTrue();
        bench.proxy().accept();

        Awaitility.await()
                .atMost(Bench.SOON)
                .until(() -> Codes.codeOf(() -> later.xa().rollback(xid)) == XAException.XA_HEURCOM);
        assertThatCode(() -> later.xa().commit(xid, false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void aRowWhoseOutcomeIsOpenIsNotUsedAgain(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        factory.setGuardTimeoutSeconds("1");
        Pooled pooled = bench.open(factory);
        long session = pooled.work(xid, row);
        bench.proxy().onRequest("commit").inSession(id -> id == session).cutBefore();
        bench.proxy().refuse();
        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_HEURHAZ);
        pooled.managed().destroy();
        Pause search = bench.proxy().onRequest("select generation, holder").pauseBefore();
        bench.proxy().accept();
        search.awaitReached(Bench.SOON);

        Pooled other = bench.open(factory);

        assertThat(slots(bench)).isEqualTo(2);
        search.release();
        Awaitility.await()
                .atMost(Bench.SOON)
                .until(() -> bench.query("select count(*) from " + table + " where holder = 'closed'") == 1);
        other.insert(row);
    }

    /** KILL QUERY and the like stop the one request that commits at any point. */
    @ParameterizedTest
    @EnumSource
    void aCommitThatIsInterruptedIsWhatItIsSaidToBe(Server server) throws Exception {
        Bench bench = bench(server);
        RepriseManagedConnectionFactory factory = factory(bench);
        Pooled pooled = bench.open(factory);
        var session = new AtomicLong(pooled.session());
        CompletableFuture<Void> storm = CompletableFuture.runAsync(() -> interrupt(bench, session));
        int committed = 0;
        int rolledBack = 0;
        int number = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        while (System.nanoTime() < end) {
            String name = row + "x" + number++;
            BranchId branch = BranchId.of(name);
            try {
                pooled.start(branch);
                pooled.insert(name);
                session.set(pooled.session());
            } catch (SQLException e) {
                pooled.xa().rollback(branch);
                continue;
            }
            pooled.end(branch);
            int told = Codes.codeOf(() -> pooled.xa().commit(branch, true));
            assertThat(told).isIn(0, XAException.XA_RBROLLBACK);
            assertThat(bench.isStored(name)).as(name).isEqualTo(told == 0);
            committed += told == 0 ? 1 : 0;
            rolledBack += told == 0 ? 0 : 1;
        }
        session.set(0);
        storm.get(10, TimeUnit.SECONDS);
        assertThat(committed)
                .as("committed, and " + rolledBack + " rolled back")
                .isPositive();
        assertThat(rolledBack).isPositive();
        assertThat(bench.database().preparedXids()).isEmpty();
    }

    /** A session of its own goes on where the former one had to be given up; 0 ends it. */
    private static void interrupt(Bench bench, AtomicLong session) {
        try (Connection connection = bench.database().administrator()) {
            for (long number = session.get(); number != 0; number = session.get()) {
                try {
                    Pooled.execute(connection, bench.server().interrupt(number));
                } catch (SQLException e) {
                    assertThat(e.getMessage()).contains("Unknown thread");
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

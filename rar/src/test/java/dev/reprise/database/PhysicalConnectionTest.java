// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.fault.Fault;
import dev.reprise.testsupport.FaultProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PhysicalConnectionTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration BOUND = Duration.ofSeconds(8);

    private final FaultProxy proxy = TestDatabase.proxy();
    private final ExecutorService background = Executors.newSingleThreadExecutor();
    private PhysicalConnection connection;

    @BeforeEach
    void open() throws SQLException {
        connection = Sessions.through(proxy);
    }

    @AfterEach
    void close() throws InterruptedException {
        proxy.blackHole(false);
        Sessions.close(connection);
        background.shutdown();
        assertThat(background.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        proxy.close();
    }

    private SQLException failure(String sql) {
        return catchThrowableOfType(SQLException.class, () -> Sessions.execute(connection, sql));
    }

    /** An application's thread is inside a long statement, as the server says. */
    private CompletableFuture<Void> statementInAnotherThread() {
        CompletableFuture<Void> running = CompletableFuture.runAsync(() -> {
            try {
                Sessions.execute(connection, "select sleep(60)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(BOUND)
                .until(() -> TestDatabase.number("select count(*) from information_schema.processlist where id = "
                                + connection.session().id() + " and info like 'select sleep%'")
                        == 1);
        return running;
    }

    @Test
    void aBoundedCallGivesItsResultAndLeavesTheTimeoutAsItWas() throws SQLException {
        connection.connection().setNetworkTimeout(Runnable::run, 1234);
        int inside = connection.bounded(SHORT, () -> connection.connection().getNetworkTimeout());
        assertThat(inside).isEqualTo(300);
        assertThat(connection.connection().getNetworkTimeout()).isEqualTo(1234);
    }

    @Test
    void aBoundedCallDoesNotWaitForAnAnswerThatDoesNotCome() {
        proxy.onRequest("select 42").stallBefore();
        SQLException failure = assertTimeoutPreemptively(
                BOUND,
                () -> catchThrowableOfType(
                        SQLException.class,
                        () -> connection.<Object, SQLException>bounded(SHORT, () -> {
                            Sessions.execute(connection, "select 42");
                            return "answered";
                        })));
        assertThat(connection.fault(failure)).isEqualTo(Fault.CONNECTION);
    }

    @Test
    void aBoundedCallsFailureIsNotHiddenByTheTimeoutThatCannotBePutBack() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connection.<Object, SQLException>bounded(SHORT, () -> {
                    connection.connection().close();
                    throw new SQLException("the first failure");
                }))
                .withMessage("the first failure");
    }

    @Test
    void aBoundedCallsResultStandsWhateverBecomesOfTheConnection() throws SQLException {
        String result = connection.bounded(SHORT, () -> {
            TestDatabase.kill(connection.session().id());
            return "committed";
        });
        assertThat(result).isEqualTo("committed");
    }

    @Test
    void theFirstReasonOfALossStays() {
        var first = new SQLException("first");
        assertThat(connection.isLost()).isFalse();
        assertThat(connection.lose(first)).isTrue();
        assertThat(connection.lose(new SQLException("second"))).isFalse();
        assertSame(first, connection.loss());
        assertThat(connection.isLost()).isTrue();
    }

    @Test
    void aKilledSessionIsALostConnection() throws SQLException {
        TestDatabase.kill(connection.session().id());
        assertThat(connection.fault(failure("select 1"))).isEqualTo(Fault.CONNECTION);
        assertThat(connection.fault(failure("select 1"))).isEqualTo(Fault.CONNECTION);
    }

    /** The driver takes both for a lost connection. */
    @Test
    void anApplicationsOwnSignalIsNoLostConnection() throws SQLException {
        assertThat(connection.fault(failure("signal sqlstate '45000'"))).isEqualTo(Fault.STATEMENT);
        assertThat(connection.fault(failure("signal sqlstate '08S01'"))).isEqualTo(Fault.STATEMENT);
        Sessions.execute(connection, "select 1");
    }

    @Test
    void aServerThatBecameReadOnlyIsOfNoMoreUse() {
        assertThat(connection.fault(failure("signal sqlstate 'HY000' set mysql_errno = 1836")))
                .isEqualTo(Fault.CONNECTION);
    }

    @Test
    void anUnknownConnectionExceptionOfAClosedConnectionIsALoss() throws SQLException {
        var unknown = new SQLException("as nobody knows it", "08S01", 4711);
        assertThat(connection.fault(unknown)).isEqualTo(Fault.STATEMENT);
        TestDatabase.kill(connection.session().id());
        failure("select 1");
        assertThat(connection.fault(unknown)).isEqualTo(Fault.CONNECTION);
    }

    /** The driver itself refuses then, in words and states of its own. */
    @Test
    void whateverASeveredSessionSaysIsALoss() {
        connection.sever(new SQLException("destroyed by the pool", "40000"), background);
        await().atMost(BOUND).until(() -> connection.connection().isClosed());
        SQLException refusal = catchThrowableOfType(
                SQLException.class, () -> connection.<Object, SQLException>bounded(SHORT, () -> "unreachable"));
        assertThat(connection.fault(refusal)).isEqualTo(Fault.CONNECTION);
        assertThat(connection.fault(new SQLException("syntax error", "42000", 1064)))
                .isEqualTo(Fault.CONNECTION);
    }

    @Test
    void severingEndsAStatementThatAnotherThreadHasUnderWay() throws Exception {
        CompletableFuture<Void> running = statementInAnotherThread();
        var reason = new SQLException("rolled back meanwhile", "40000");
        assertTimeoutPreemptively(BOUND, () -> connection.sever(reason, background));
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(8, TimeUnit.SECONDS));
        assertSame(reason, connection.loss());
        await().atMost(BOUND).until(() -> proxy.connections() == 0);
    }

    @Test
    void severingNeedsNoNetwork() throws Exception {
        CompletableFuture<Void> running = statementInAnotherThread();
        proxy.blackHole(true);
        assertTimeoutPreemptively(BOUND, () -> connection.sever(new SQLException("cut"), background));
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(8, TimeUnit.SECONDS));
    }

    @Test
    void closingDoesNotWaitForAServerThatDoesNotAnswer() throws Exception {
        TestDatabase.mariaDb().suspend();
        try {
            assertTimeoutPreemptively(BOUND, () -> connection.close(background));
            background.submit(() -> {}).get(8, TimeUnit.SECONDS);
        } finally {
            TestDatabase.mariaDb().resume();
        }
    }

    /** The driver's own close waits for the thread that reads. */
    @Test
    void closingDoesNotWaitForAStatementThatAnotherThreadHasUnderWay() throws Exception {
        CompletableFuture<Void> running = statementInAnotherThread();
        connection.close(background);
        background.submit(() -> {}).get(8, TimeUnit.SECONDS);
        assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> running.get(8, TimeUnit.SECONDS));
    }

    @Test
    void closingEndsTheSessionAtTheServer() {
        connection.close(background);
        await().atMost(BOUND).until(() -> !Sessions.isOnServer(connection.session()));
    }

    @Test
    void closingALostConnectionCutsItsSocketFirst() {
        connection.lose(new SQLException("lost"));
        connection.close(task -> {});
        await().atMost(BOUND).until(() -> proxy.connections() == 0);
        assertThat(failure("select 1").getSQLState()).startsWith("08");
    }
}

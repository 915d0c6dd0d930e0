// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.xa.Bench;
import dev.reprise.xa.Server;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each method of a connection on a link that swallows everything, all at the same time: none waits for ever. */
class BlackHoleTest {

    private static final Duration CONTROL = Duration.ofSeconds(1);

    /** As many as have connections at the same time. */
    private static final int AT_ONCE = 30;

    /** What both drivers ask the server for. */
    private static final List<String> ASK = List.of(
            "commit",
            "getTransactionIsolation",
            "isValid",
            "releaseSavepoint",
            "rollback",
            "setCatalog",
            "setSavepoint",
            "setTransactionIsolation");

    private record Call(String name, Callable<?> call) {

        /** With these arguments in a transaction, and with others outside. */
        static Call of(Method method, Connection handle, boolean inTransaction) throws SQLException {
            handle.setAutoCommit(!inTransaction);
            handle.createStatement().execute("select name from work");
            @Nullable Object[] arguments = JdbcArguments.of(method, inTransaction ? 0 : 1);
            for (int i = 0; i < arguments.length; i++) {
                if (method.getParameterTypes()[i] == Savepoint.class && inTransaction) {
                    arguments[i] = handle.setSavepoint();
                }
            }
            return new Call(method.getName(), () -> method.invoke(handle, arguments));
        }

        /** @return how long it takes, however it ends */
        CompletableFuture<Duration> start() {
            var took = new CompletableFuture<Duration>();
            var thread = new Thread(() -> {
                long began = System.nanoTime();
                try {
                    call.call();
                } catch (InvocationTargetException e) {
                    // most cannot succeed
                } catch (Exception e) {
                    took.completeExceptionally(e);
                }
                took.complete(Duration.ofNanos(System.nanoTime() - began));
            });
            thread.setDaemon(true);
            thread.start();
            return took;
        }
    }

    private final Set<String> unbounded = new TreeSet<>();
    private final Set<String> asked = new TreeSet<>();

    @ParameterizedTest
    @EnumSource
    void noMethodWaitsForEver(Server server) throws Exception {
        List<Method> methods = JdbcMethods.failing(Connection.class).toList();
        for (int from = 0; from < methods.size(); from += AT_ONCE) {
            var bench = new Bench(server);
            try {
                call(bench, methods.subList(from, Math.min(methods.size(), from + AT_ONCE)));
            } finally {
                bench.proxy().resetAll();
                bench.close();
            }
        }
        assertThat(unbounded).isEmpty();
        assertThat(asked).as("what was on its way to the server").containsAll(ASK);
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationsOwnLimitStands(Server server) throws Exception {
        var bench = new Bench(server);
        try {
            Connection handle = bench.open().handle();
            handle.setNetworkTimeout(Runnable::run, 300);
            bench.proxy().blackHole(true);
            assertTimeout(
                    Duration.ofSeconds(8),
                    () -> assertThatExceptionOfType(SQLException.class)
                            .isThrownBy(() -> handle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE)));
        } finally {
            bench.proxy().resetAll();
            bench.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterwardsStatementsWaitAsBefore(Server server) throws Exception {
        var bench = new Bench(server);
        try {
            Connection handle = bench.open().handle();
            handle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            handle.setAutoCommit(false);
            handle.rollback();
            handle.setClientInfo("ApplicationName", "test");
            assertThat(handle.getNetworkTimeout()).isZero();
        } finally {
            bench.close();
        }
    }

    private void call(Bench bench, List<Method> methods) throws Exception {
        var calls = new ArrayList<Call>();
        for (Method method : methods) {
            for (boolean inTransaction : new boolean[] {true, false}) {
                Connection handle = bench.open((int) CONTROL.toMillis()).handle();
                calls.add(Call.of(method, handle, inTransaction));
            }
        }
        bench.proxy().blackHole(true);
        var running = calls.stream().map(Call::start).toList();
        long end = System.nanoTime() + Bench.SOON.toNanos();
        for (int i = 0; i < calls.size(); i++) {
            look(calls.get(i).name(), running.get(i), end);
        }
    }

    private void look(String name, CompletableFuture<Duration> running, long end)
            throws InterruptedException, ExecutionException {
        try {
            Duration took = running.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (took.compareTo(CONTROL.dividedBy(2)) > 0) {
                asked.add(name);
            }
        } catch (TimeoutException e) {
            unbounded.add(name);
        }
    }
}

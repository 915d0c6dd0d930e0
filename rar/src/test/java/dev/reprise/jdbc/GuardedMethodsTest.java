// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each method of each JDBC interface. */
class GuardedMethodsTest {

    /** JDBC says that these never fail on a connection that is closed. */
    private static final Set<String> NEVER_CLOSED = Set.of("close", "isClosed", "isValid", "abort");

    /** Methods of the connection that the handle answers itself. */
    private static final Set<String> HANDLE_ONLY = Set.of("close", "isClosed", "abort", "beginRequest", "endRequest");

    private static final Pattern RUNS = Pattern.compile("execute.*|(insert|update|delete)Row");

    /** A call that reached the driver. */
    private record Call(Method method, List<@Nullable Object> arguments) {
        static Call of(Method method, @Nullable Object @Nullable [] arguments) {
            return new Call(method, arguments == null ? List.of() : Arrays.asList(arguments));
        }
    }

    static Stream<Arguments> ways() {
        return JdbcMethods.ways();
    }

    private static StubOwner owner(InvocationHandler driver, boolean records) {
        var owner = new StubOwner(JdbcMethods.driver(Connection.class, driver));
        owner.records = records;
        return owner;
    }

    private static boolean isOfHandle(Class<?> type, Method method) {
        return type == Connection.class && HANDLE_ONLY.contains(method.getName());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void failsOnAClosedHandle(Class<? extends Wrapper> type, boolean records) throws IllegalAccessException {
        InvocationHandler driver = (proxy, method, arguments) -> {
            throw new AssertionError("The driver was called: " + method);
        };
        StubOwner owner = owner(driver, records);
        var guarded = JdbcMethods.guarded(type, driver, owner);
        ((Guarded<?>) guarded).handle.invalidate(owner);
        for (Method method : JdbcMethods.failing(type).toList()) {
            Throwable thrown = JdbcMethods.thrownBy(method, guarded);
            if (NEVER_CLOSED.contains(method.getName())) {
                assertThat(thrown).as(method.toString()).isNull();
            } else {
                assertThat(thrown)
                        .as(method.toString())
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState())
                                        .as(method.toString())
                                        .isEqualTo("08003"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void reachesTheSameMethodOfTheDriverWithTheSameArguments(Class<? extends Wrapper> type, boolean records)
            throws IllegalAccessException {
        var calls = new ArrayList<Call>();
        InvocationHandler driver = (proxy, method, arguments) -> {
            calls.add(Call.of(method, arguments));
            return JdbcMethods.value(method.getReturnType(), 1);
        };
        for (Method method : JdbcMethods.failing(type).toList()) {
            if (!isOfHandle(type, method)) {
                assertThat(JdbcMethods.thrownBy(method, JdbcMethods.guarded(type, driver, owner(driver, records))))
                        .as(method.toString())
                        .isNull();
                assertThat(calls.get(calls.size() - 1).arguments())
                        .as(method.toString())
                        .isEqualTo(Arrays.asList(JdbcMethods.arguments(method)));
                assertThat(calls.get(calls.size() - 1).method().getName()).isEqualTo(method.getName());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void showsEachFailureOfTheDriverToTheOwner(Class<? extends Wrapper> type, boolean records)
            throws IllegalAccessException {
        for (Method method : JdbcMethods.failing(type).toList()) {
            InvocationHandler driver = (proxy, called, arguments) -> {
                throw failure(called);
            };
            StubOwner owner = owner(driver, records);
            Throwable thrown = JdbcMethods.thrownBy(method, JdbcMethods.guarded(type, driver, owner));
            if (isOfHandle(type, method)) {
                assertThat(thrown).as(method.toString()).isNull();
                continue;
            }
            assertThat(owner.failures).as(method.toString()).hasSize(1);
            assertThat(owner.exited).as(method.toString()).isEqualTo(owner.entered);
            if (!method.getName().equals("isValid") && !method.getName().equals("setClientInfo")) {
                assertThat(thrown).as(method.toString()).isInstanceOf(StubOwner.Seen.class);
            }
        }
    }

    private static SQLException failure(Method method) {
        return method.getName().equals("setClientInfo")
                ? new java.sql.SQLClientInfoException("down", "08006", 1, java.util.Map.of())
                : new SQLException("down", "08006", 1);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void countsWhatTheServerRunsInAndOut(Class<? extends Wrapper> type, boolean records) throws IllegalAccessException {
        InvocationHandler driver = (proxy, method, arguments) -> JdbcMethods.value(method.getReturnType(), 1);
        Set<String> ofConnection = Set.of("commit", "rollback", "setAutoCommit");
        for (Method method : JdbcMethods.failing(type).toList()) {
            StubOwner owner = owner(driver, records);
            JdbcMethods.thrownBy(method, JdbcMethods.guarded(type, driver, owner));
            boolean runs = type == Connection.class
                    ? ofConnection.contains(method.getName())
                            && !method.toString().contains("Savepoint")
                    : RUNS.matcher(method.getName()).matches();
            assertThat(owner.entered).as(method.toString()).isEqualTo(runs ? 1 : 0);
            assertThat(owner.exited).as(method.toString()).isEqualTo(runs ? 1 : 0);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void doesNotReachTheDriverWhenTheOwnerRefuses(Class<? extends Wrapper> type, boolean records)
            throws IllegalAccessException {
        var calls = new ArrayList<Method>();
        InvocationHandler driver = (proxy, method, arguments) -> {
            calls.add(method);
            return JdbcMethods.value(method.getReturnType(), 1);
        };
        for (Method method : JdbcMethods.failing(type).toList()) {
            if (RUNS.matcher(method.getName()).matches()) {
                StubOwner owner = owner(driver, records);
                var refusal = new SQLException("undone", "40000");
                owner.refusal = refusal;
                assertThat(JdbcMethods.thrownBy(method, JdbcMethods.guarded(type, driver, owner)))
                        .as(method.toString())
                        .isSameAs(refusal);
                assertThat(owner.exited).isZero();
                assertThat(owner.failures).isEmpty();
            }
        }
        assertThat(calls).isEmpty();
    }
}

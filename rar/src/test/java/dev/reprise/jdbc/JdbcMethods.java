// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/** All methods of the six JDBC interfaces, with arguments to call them. */
final class JdbcMethods {

    static final List<Class<? extends Wrapper>> INTERFACES = List.of(
            Connection.class,
            DatabaseMetaData.class,
            ResultSet.class,
            Statement.class,
            PreparedStatement.class,
            CallableStatement.class);

    /** Each with whether its owner records, for which only a result set has a class of its own. */
    static Stream<Arguments> ways() {
        return Stream.concat(
                INTERFACES.stream().map(type -> Arguments.of(type, false)),
                Stream.of(Arguments.of(ResultSet.class, true)));
    }

    private JdbcMethods() {}

    /** Those that can say that they failed; without those of {@link Wrapper}. */
    static Stream<Method> failing(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getDeclaringClass() != Wrapper.class)
                .filter(method ->
                        Arrays.stream(method.getExceptionTypes()).anyMatch(SQLException.class::isAssignableFrom));
    }

    /** A driver's object whose methods all do this. */
    static <T> T driver(Class<T> type, InvocationHandler does) {
        return type.cast(Proxy.newProxyInstance(JdbcMethods.class.getClassLoader(), new Class<?>[] {type}, does));
    }

    /** The guarded object of that interface, over a driver whose methods all do this. */
    static Wrapper guarded(Class<?> type, InvocationHandler does, StubOwner owner) {
        var handle = ConnectionHandle.of(driver(Connection.class, does), owner, new NoTransactions());
        if (type == Connection.class) {
            return handle;
        }
        if (type == DatabaseMetaData.class) {
            return new GuardedDatabaseMetaData<>(driver(DatabaseMetaData.class, does), handle);
        }
        if (type == ResultSet.class) {
            ResultSet rows = driver(ResultSet.class, does);
            return owner.records ? new RecordedResultSet<>(rows, handle) : new GuardedResultSet<>(rows, handle);
        }
        if (type == Statement.class) {
            return new GuardedStatement<>(driver(Statement.class, does), handle);
        }
        if (type == PreparedStatement.class) {
            return new GuardedPreparedStatement<>(driver(PreparedStatement.class, does), handle);
        }
        return new GuardedCallableStatement<>(driver(CallableStatement.class, does), handle);
    }

    /** Different ones in each place, as far as they can be told apart. */
    static @Nullable Object[] arguments(Method method) {
        Class<?>[] types = method.getParameterTypes();
        var arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = types[i] == String.class ? "argument " + i : value(types[i], i + 1);
        }
        return arguments;
    }

    /** Something of a primitive type; null for any other. */
    static @Nullable Object value(Class<?> type, int number) {
        if (type == boolean.class) {
            return true;
        }
        if (type == byte.class) {
            return (byte) number;
        }
        if (type == short.class) {
            return (short) number;
        }
        if (type == int.class) {
            return number;
        }
        if (type == long.class) {
            return (long) number;
        }
        if (type == float.class) {
            return (float) number;
        }
        return type == double.class ? (Object) (double) number : null;
    }

    /** What the call throws; null if it returns. */
    static @Nullable Throwable thrownBy(Method method, Object target) throws IllegalAccessException {
        try {
            method.invoke(target, arguments(method));
            return null;
        } catch (InvocationTargetException e) {
            return e.getCause();
        }
    }
}

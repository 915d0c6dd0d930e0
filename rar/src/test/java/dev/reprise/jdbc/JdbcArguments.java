// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLType;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Arrays;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Arguments with which the methods of JDBC do something on the table of {@link JdbcFixture}, or fail. */
final class JdbcArguments {

    /** How many different calls there are of each method. */
    static final int VARIANTS = 3;

    private static final String[] SQL = {
        "select id, name from same_as order by id", "update same_as set name = 'changed' where id = 1", "no sql"
    };
    private static final String[] COLUMNS = {"id", "name", "nope"};
    private static final String[] VALUES = {"7", "2024-02-29", "x"};
    private static final int[][] RESULT_SETS = {
        {ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.CLOSE_CURSORS_AT_COMMIT},
        {ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE, ResultSet.HOLD_CURSORS_OVER_COMMIT},
        {Statement.RETURN_GENERATED_KEYS, 7, 7}
    };

    /** In each variant, what its numbers are in their order; by the method's name, and otherwise a column and a type. */
    private static final Map<String, int[][]> NUMBERS = Map.of(
            "createStatement", RESULT_SETS,
            "prepareStatement", RESULT_SETS,
            "prepareCall", RESULT_SETS,
            "setTransactionIsolation",
                    numbers(Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_SERIALIZABLE, 7),
            "setFetchDirection", numbers(ResultSet.FETCH_FORWARD, ResultSet.FETCH_UNKNOWN, 7),
            "getMoreResults", numbers(Statement.CLOSE_CURRENT_RESULT, Statement.KEEP_CURRENT_RESULT, 7),
            "setNetworkTimeout", numbers(10_000, 20_000, -1));

    private static final int[][] COLUMNS_AND_TYPES = {{1, Types.INTEGER, 2}, {2, Types.VARCHAR, 2}, {-1, -1, -1}};

    private JdbcArguments() {}

    static @Nullable Object[] of(Method method, int variant) {
        Class<?>[] types = method.getParameterTypes();
        var arguments = new @Nullable Object[types.length];
        for (int i = 0; i < types.length; i++) {
            arguments[i] = argument(method, types, i, variant);
        }
        return arguments;
    }

    private static @Nullable Object argument(Method method, Class<?>[] types, int place, int variant) {
        if (types[place] == String.class) {
            return text(method, place, types.length, variant);
        }
        if (types[place] == int.class) {
            return number(method, place, variant);
        }
        return types[place].isPrimitive()
                ? JdbcMethods.value(types[place], variant + 1)
                : variant == 2 ? null : object(types[place]);
    }

    private static @Nullable String text(Method method, int place, int places, int variant) {
        Class<?> type = method.getDeclaringClass();
        if (type == DatabaseMetaData.class) {
            return variant == 2 ? null : variant == 1 ? "%" : place == places - 1 || place == 2 ? "same_as" : null;
        }
        if (place > 0) {
            return VALUES[variant];
        }
        if (type == Connection.class || type == Statement.class || type == PreparedStatement.class) {
            return method.getName().startsWith("set") || method.getName().startsWith("get")
                    ? List.of("information_schema", "ApplicationName", "nope").get(variant)
                    : SQL[variant];
        }
        return COLUMNS[variant];
    }

    private static int[][] numbers(int... variants) {
        return Arrays.stream(variants).mapToObj(each -> new int[] {each}).toArray(int[][]::new);
    }

    private static int number(Method method, int place, int variant) {
        int before = (int) Arrays.stream(method.getParameterTypes(), 0, place)
                .filter(type -> type == int.class)
                .count();
        return NUMBERS.getOrDefault(method.getName(), COLUMNS_AND_TYPES)[variant][before];
    }

    /** A new one for each call: streams are read once. */
    private static @Nullable Object object(Class<?> type) {
        byte[] bytes = "7".getBytes(StandardCharsets.US_ASCII);
        return Map.<Class<?>, Object>ofEntries(
                        Map.entry(BigDecimal.class, new BigDecimal("7.50")),
                        Map.entry(Date.class, Date.valueOf("2024-02-29")),
                        Map.entry(Time.class, Time.valueOf("12:34:56")),
                        Map.entry(Timestamp.class, Timestamp.valueOf("2024-02-29 12:34:56")),
                        Map.entry(Calendar.class, new GregorianCalendar(TimeZone.getTimeZone("GMT+3"))),
                        Map.entry(URL.class, url()),
                        Map.entry(InputStream.class, new ByteArrayInputStream(bytes)),
                        Map.entry(Reader.class, new StringReader("7")),
                        Map.entry(byte[].class, bytes),
                        Map.entry(Object.class, 7),
                        Map.entry(Object[].class, new Object[] {7}),
                        Map.entry(Class.class, String.class),
                        Map.entry(Map.class, Map.of()),
                        Map.entry(Properties.class, new Properties()),
                        Map.entry(Executor.class, (Executor) Runnable::run),
                        Map.entry(SQLType.class, JDBCType.INTEGER),
                        Map.entry(int[].class, new int[] {1}),
                        Map.entry(String[].class, new String[] {"id"}))
                .get(type);
    }

    private static URL url() {
        try {
            return URI.create("http://localhost/").toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}

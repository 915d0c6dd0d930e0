// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What applications give to the driver and get from it, as far as it can be kept and compared. */
final class Values {

    private static final Set<Class<?>> NEVER_CHANGE = Set.of(
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigDecimal.class,
            BigInteger.class,
            UUID.class);

    private Values() {}

    /** Whether two that are written alike are alike, and stay so. */
    static boolean isComparable(Object value) {
        return value instanceof String
                || NEVER_CHANGE.contains(value.getClass())
                || value.getClass().getName().startsWith("java.time.");
    }

    /** One that stays as it is now; null if there is none. */
    @SuppressWarnings("JavaUtilDate") // what JDBC has
    static @Nullable Object kept(Object value) {
        if (isComparable(value) || isNoData(value)) {
            return value;
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (value instanceof int[] numbers) {
            return numbers.clone();
        }
        if (value instanceof String[] texts) {
            return texts.clone();
        }
        if (value instanceof Object[] several && several.getClass() == Object[].class) {
            return kept(several);
        }
        boolean jdks = value.getClass().getName().startsWith("java.");
        if (jdks && value instanceof Date date) {
            return date.clone();
        }
        return jdks && value instanceof Calendar calendar ? calendar.clone() : null;
    }

    private static boolean isNoData(Object value) {
        return value instanceof Enum
                || value instanceof Class
                || value instanceof URL
                || value instanceof Executor
                || value instanceof Target;
    }

    private static @Nullable Object kept(@Nullable Object[] several) {
        @Nullable Object[] copy = several.clone();
        for (int i = 0; i < copy.length; i++) {
            Object each = copy[i];
            copy[i] = each == null ? null : kept(each);
            if (each != null && copy[i] == null) {
                return null;
            }
        }
        return copy;
    }

    /** How much room it takes, roughly. */
    static int size(@Nullable Object value) {
        if (value instanceof String text) {
            return 40 + text.length();
        }
        if (value instanceof Object[] several) {
            int size = 16;
            for (Object each : several) {
                size += size(each);
            }
            return size;
        }
        return value instanceof byte[] bytes ? 16 + bytes.length : 16;
    }

    /** What can be compared with equals; null if there is nothing of the kind. */
    static @Nullable Object seen(Object result) throws SQLException {
        if (isComparable(result)) {
            return result;
        }
        if (result instanceof int[] counts) {
            return Arrays.toString(counts);
        }
        if (result instanceof long[] counts) {
            return Arrays.toString(counts);
        }
        if (result instanceof SQLWarning warning) {
            return chain(warning);
        }
        return result instanceof ResultSetMetaData columns ? columns(columns) : null;
    }

    private static String chain(SQLWarning first) {
        var text = new StringBuilder();
        for (SQLWarning each = first; each != null; each = each.getNextWarning()) {
            text.append(failure(each)).append(each.getMessage()).append('\n');
        }
        return text.toString();
    }

    /** Messages are not compared: drivers write the session's number into them. */
    static String failure(SQLException e) {
        return "failed: " + e.getSQLState() + " " + e.getErrorCode();
    }

    private static String columns(ResultSetMetaData columns) throws SQLException {
        var text = new StringBuilder();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            text.append(columns.getColumnLabel(i))
                    .append(' ')
                    .append(columns.getColumnType(i))
                    .append('\n');
        }
        return text.toString();
    }
}

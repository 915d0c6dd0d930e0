// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a JDBC call gave, as a text that is the same if it gave the same. */
final class JdbcText {

    /** The number of a session, of a table or of a large object, and the identity of an object. */
    private static final Pattern DIFFERS_ANYWAY = Pattern.compile("\\(conn=\\d+\\)|@[0-9a-f]+|id: \\d+|\\b\\d{5}\\b");

    /** They go to the application as the driver made them; what they contain needs a server, or is a number. */
    private static final List<Class<?>> OF_DRIVER = List.of(
            ResultSetMetaData.class,
            ParameterMetaData.class,
            java.sql.Array.class,
            Blob.class,
            Clob.class,
            Ref.class,
            RowId.class,
            SQLXML.class);

    private JdbcText() {}

    static String of(@Nullable Object result) throws SQLException, IOException {
        if (result == null) {
            return "null";
        }
        if (result instanceof ResultSet rows) {
            return rows(rows);
        }
        for (Class<?> type : new Class<?>[] {Connection.class, DatabaseMetaData.class}) {
            if (type.isInstance(result)) {
                return type.getSimpleName();
            }
        }
        if (result instanceof Statement) {
            return JdbcMethods.INTERFACES.stream()
                    .filter(type -> type.isInstance(result))
                    .map(Class::getSimpleName)
                    .collect(Collectors.joining(" "));
        }
        if (result instanceof Savepoint savepoint) {
            return GuardedSavepoint.driversOwn(savepoint).getClass().getSimpleName();
        }
        if (OF_DRIVER.stream().anyMatch(type -> type.isInstance(result))) {
            return result.getClass().getSimpleName();
        }
        if (result instanceof InputStream stream) {
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        if (result instanceof Reader reader) {
            var content = new StringWriter();
            reader.transferTo(content);
            return content.toString();
        }
        if (result.getClass().isArray()) {
            return IntStream.range(0, Array.getLength(result))
                    .mapToObj(i -> String.valueOf(Array.get(result, i)))
                    .collect(Collectors.joining(",", "[", "]"));
        }
        return result.getClass().getSimpleName() + " " + normalized(result.toString());
    }

    static String of(Throwable thrown) {
        String state = thrown instanceof SQLException e ? e.getSQLState() + " " + e.getErrorCode() + " " : "";
        return thrown.getClass().getName() + " " + state
                + (thrown instanceof SQLException ? normalized(String.valueOf(thrown.getMessage())) : "");
    }

    private static String normalized(String text) {
        return DIFFERS_ANYWAY.matcher(text).replaceAll("");
    }

    private static String rows(ResultSet results) throws SQLException {
        try (results) {
            ResultSetMetaData columns = results.getMetaData();
            var text = new StringBuilder("ResultSet");
            while (results.next()) {
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    text.append(i == 1 ? "\n" : "|").append(results.getString(i));
                }
            }
            return normalized(text.toString());
        }
    }

    /** What is to be seen of an object of a driver, and what its connection reads. */
    static String afterwards(Object target, Connection connection) throws IOException {
        var seen = new StringBuilder();
        for (Look look : looks(target)) {
            seen.append('\n').append(seen(look));
        }
        return seen + "\n"
                + seen(() -> {
                    try (Statement statement = connection.createStatement()) {
                        return of(statement.executeQuery("select * from same_as order by id"));
                    }
                });
    }

    @FunctionalInterface
    private interface Look {
        @Nullable Object at() throws SQLException, IOException;
    }

    private static String seen(Look look) throws IOException {
        try {
            return of(look.at());
        } catch (SQLException | RuntimeException e) {
            return of(e);
        }
    }

    private static List<Look> looks(Object target) {
        if (target instanceof Connection connection) {
            return List.of(
                    connection::isClosed,
                    connection::getAutoCommit,
                    connection::getTransactionIsolation,
                    connection::isReadOnly,
                    connection::getCatalog,
                    connection::getSchema,
                    connection::getHoldability,
                    connection::getNetworkTimeout,
                    connection::getTypeMap,
                    connection::getClientInfo,
                    connection::getWarnings);
        }
        if (target instanceof ResultSet results) {
            return List.of(
                    results::isClosed,
                    results::getRow,
                    results::getFetchSize,
                    results::wasNull,
                    () -> updated(results),
                    () -> results.getString(1),
                    () -> results.getString(2),
                    results::getWarnings);
        }
        if (target instanceof Statement statement) {
            return List.of(
                    statement::isClosed,
                    statement::getUpdateCount,
                    statement::getMaxRows,
                    statement::getMaxFieldSize,
                    statement::getQueryTimeout,
                    statement::getFetchSize,
                    statement::getFetchDirection,
                    statement::isPoolable,
                    statement::isCloseOnCompletion,
                    statement::getWarnings,
                    () -> statement instanceof PreparedStatement prepared && prepared.execute(),
                    statement::getResultSet,
                    () -> List.of(statement.executeBatch().length));
        }
        return List.of();
    }

    private static String updated(ResultSet results) throws SQLException {
        results.updateRow();
        return "updated";
    }
}

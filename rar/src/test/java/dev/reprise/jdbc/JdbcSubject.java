// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.sql.Wrapper;
import java.util.Arrays;
import java.util.List;

/** Objects to call methods on, in a state in which most of them do something. */
enum JdbcSubject {
    CONNECTION(Connection.class, connection -> connection),
    METADATA(DatabaseMetaData.class, Connection::getMetaData),
    RESULT_SET(ResultSet.class, connection -> {
        ResultSet results = selected(connection).getResultSet();
        results.next();
        return results;
    }),
    STATEMENT(Statement.class, JdbcSubject::selected),
    QUERY(PreparedStatement.class, connection -> {
        PreparedStatement query = connection.prepareStatement("select id, name from same_as where id = ?");
        query.setInt(1, 1);
        return query;
    }),
    UPDATE(PreparedStatement.class, connection -> {
        PreparedStatement update = connection.prepareStatement("update same_as set name = ? where id = ?");
        update.setString(1, "prepared");
        update.setInt(2, 2);
        return update;
    }),
    CALL(CallableStatement.class, connection -> {
        CallableStatement call = connection.prepareCall("{? = call abs(?)}");
        call.registerOutParameter(1, Types.INTEGER);
        call.setInt(2, -7);
        call.execute();
        return call;
    });

    @FunctionalInterface
    private interface Maker {
        Wrapper of(Connection connection) throws SQLException;
    }

    private final Class<?> type;

    @SuppressWarnings("ImmutableEnumChecker") // its lambdas capture nothing
    private final Maker maker;

    JdbcSubject(Class<?> type, Maker maker) {
        this.type = type;
        this.maker = maker;
    }

    static List<JdbcSubject> of(Class<?> type) {
        return Arrays.stream(values())
                .filter(subject -> subject.type.equals(type))
                .toList();
    }

    Wrapper make(Connection connection) throws SQLException {
        return maker.of(connection);
    }

    private static Statement selected(Connection connection) throws SQLException {
        Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
        statement.execute("select id, name, amount, born from same_as order by id");
        return statement;
    }
}

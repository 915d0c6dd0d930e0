// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL 17. */
public interface PostgreSql extends DatabaseServer {

    /** @throws IllegalStateException if it does not start, with the end of its log */
    static PostgreSql start(PostgreSqlOptions options) {
        return new EmbeddedPostgreSql(options);
    }

    @Override
    default String rootUser() {
        return "postgres";
    }

    @Override
    default String jdbcUrl(String host, int port) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database() + "?sslmode=disable";
    }

    /** The driver counts in seconds. */
    @Override
    default String patience(Duration limit) {
        return "&connectTimeout=5&socketTimeout=" + Math.max(1, limit.toSeconds());
    }

    @Override
    default int killConnections(String name) throws SQLException {
        try (Connection connection = administrator();
                PreparedStatement kill = connection.prepareStatement("""
                        select count(*) filter (where pg_terminate_backend(pid))
                        from pg_stat_activity where usename = ? and pid <> pg_backend_pid()""")) {
            kill.setString(1, name);
            try (ResultSet row = kill.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The global identifiers, in the order in which they were prepared. */
    @Override
    default List<String> preparedXids() throws SQLException {
        try (Connection connection = administrator();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select gid from pg_prepared_xacts where database = current_database() order by prepared, gid""")) {
            var xids = new ArrayList<String>();
            while (row.next()) {
                xids.add(row.getString(1));
            }
            return xids;
        }
    }

    @Override
    default void rollBackPrepared(String xid) throws SQLException {
        try (Connection connection = administrator();
                var statement = connection.createStatement()) {
            statement.execute("rollback prepared " + statement.enquoteLiteral(xid));
        }
    }
}

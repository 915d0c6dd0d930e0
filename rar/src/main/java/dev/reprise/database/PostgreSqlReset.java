// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** DISCARD ALL, and with it what the driver had set after its login (its name). One round trip. */
final class PostgreSqlReset implements SessionReset {

    private static final String CHANGED = """
            select string_agg(format('set_config(%L, %L, false)', name, current_setting(name)), ', ')
            from pg_settings where source = 'session' and name not like 'transaction%'""";

    private final String sql;

    private PostgreSqlReset(String sql) {
        this.sql = sql;
    }

    static PostgreSqlReset of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CHANGED)) {
            String settings = row.next() ? row.getString(1) : null;
            return new PostgreSqlReset(settings == null ? "discard all" : "discard all; select " + settings);
        }
    }

    @Override
    public void run(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

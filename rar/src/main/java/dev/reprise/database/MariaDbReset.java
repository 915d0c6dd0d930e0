// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.mariadb.jdbc.client.Client;
import org.mariadb.jdbc.client.Completion;
import org.mariadb.jdbc.message.ClientMessage;
import org.mariadb.jdbc.message.client.QueryPacket;
import org.mariadb.jdbc.message.client.ResetPacket;

/**
 * COM_RESET_CONNECTION, and with it what that loses or leaves as it is: the variables that the driver had set when it
 * connected, the role, the database, and the lock that marks the session. All is sent at once: one round trip.
 */
final class MariaDbReset implements SessionReset {

    /** The isolation is always among them: the driver believes its last one until it hears of another. */
    private static final String CHANGED = """
            select lower(variable_name), session_value, variable_type in ('VARCHAR', 'ENUM', 'SET', 'FLAGSET', 'BOOLEAN')
            from information_schema.system_variables
            where variable_scope = 'SESSION' and read_only = 'NO' and session_value is not null
                and (session_value <> global_value or global_value is null
                    or variable_name in ('TX_ISOLATION', 'TRANSACTION_ISOLATION'))
            order by variable_name = 'SESSION_TRACK_SYSTEM_VARIABLES' desc""";

    private final List<String> again;

    private MariaDbReset(List<String> again) {
        this.again = again;
    }

    static MariaDbReset of(Connection connection, Session session) throws SQLException {
        String mark = session.mark();
        String locked = mark.isEmpty() ? "1" : "get_lock(" + literal(mark) + ", 0) = 1";
        try (Statement statement = connection.createStatement()) {
            String variables = variables(statement);
            try (ResultSet row = statement.executeQuery("select current_role(), database()")) {
                row.next();
                String role = row.getString(1);
                String database = row.getString(2);
                var again = new ArrayList<>(List.of(variables, "set role " + (role == null ? "none" : name(role))));
                if (database != null) {
                    again.add("use " + name(database));
                }
                again.add(
                        "select " + locked + " and database() <=> " + (database == null ? "null" : literal(database)));
                return new MariaDbReset(List.copyOf(again));
            }
        }
    }

    private static String variables(Statement statement) throws SQLException {
        var settings = new ArrayList<String>();
        try (ResultSet row = statement.executeQuery(CHANGED)) {
            while (row.next()) {
                String value = row.getString(2);
                settings.add(row.getString(1) + " = " + (row.getBoolean(3) ? literal(value) : value));
            }
        }
        return "set " + String.join(", ", settings);
    }

    private static String name(String text) {
        return '`' + text.replace("`", "``") + '`';
    }

    private static String literal(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public void run(Connection connection) throws SQLException {
        try {
            Driver.reset(connection, again);
        } catch (LinkageError e) {
            throw new SQLException("This version of the driver cannot reset a session: " + e, e);
        }
    }

    /** Loaded only where it is asked for: the driver may be missing. */
    private static final class Driver {

        private Driver() {}

        static void reset(Connection connection, List<String> again) throws SQLException {
            Client client = connection.unwrap(org.mariadb.jdbc.Connection.class).getClient();
            var messages = new ArrayList<ClientMessage>(List.of(ResetPacket.INSTANCE));
            again.forEach(sql -> messages.add(new QueryPacket(sql)));
            List<Completion> answers = client.executePipeline(
                    messages.toArray(ClientMessage[]::new),
                    null,
                    0,
                    0L,
                    ResultSet.CONCUR_READ_ONLY,
                    ResultSet.TYPE_FORWARD_ONLY,
                    false,
                    false);
            client.reset(); // what it had prepared is gone
            if (answers.get(answers.size() - 1) instanceof ResultSet row && (!row.next() || row.getInt(1) != 1)) {
                throw new SQLException("The session is not as it was, or has lost its mark", "HY000");
            }
        }
    }
}

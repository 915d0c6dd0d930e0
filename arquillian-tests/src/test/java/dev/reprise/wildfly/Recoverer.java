// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.PostgreSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Whom {@link Link#SECOND} and {@link Link#POSTGRESQL_SECOND} recover as. */
final class Recoverer {

    static final String NAME = "recoverer";
    static final String PASSWORD = "recoverer-secret";

    private Recoverer() {}

    static void addTo(DatabaseServer database) {
        try (Connection connection = database.administrator();
                Statement statement = connection.createStatement()) {
            for (String sql : statements(database)) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("No user for the recovery", e);
        }
    }

    /** On PostgreSQL only a superuser may finish what another user has prepared. */
    private static List<String> statements(DatabaseServer database) {
        if (database instanceof PostgreSql) {
            return List.of("create user " + NAME + " superuser password '" + PASSWORD + '\'');
        }
        return List.of(
                "create user " + NAME + " identified by '" + PASSWORD + '\'',
                "grant usage on *.* to " + NAME,
                "grant select on " + database.database() + ".* to " + NAME);
    }
}

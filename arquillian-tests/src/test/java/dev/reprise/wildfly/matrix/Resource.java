// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Locale;

/**
 * A data source in WildFly that a transaction can use.
 *
 * @param id its name in the server's configuration
 * @param table where its transactions write
 */
record Resource(Database database, String id, String jndiName, String table) {

    static final String TABLE = "outcome_one";
    static final String OTHER_TABLE = "outcome_other";

    /** Under test. */
    static Resource of(Cell cell) {
        return of(cell.database(), cell.mode() == Mode.LOCAL, cell.subject());
    }

    static Resource of(Database database, boolean local, Subject subject) {
        if (subject == Subject.XA_DATASOURCE) {
            return new Resource(database, "wildfly", "java:/jdbc/Wildfly", TABLE);
        }
        return ours(database, subject.id() + (local ? "-local" : ""), TABLE);
    }

    /** The second one of two-phase transactions: no fault ever meets it on its own. */
    static Resource other(Database database) {
        return ours(database, "other", OTHER_TABLE);
    }

    private static Resource ours(Database database, String name, String table) {
        String id = database.name().toLowerCase(Locale.ROOT) + "-" + name;
        return new Resource(database, id, "java:/matrix/" + id, table);
    }
}

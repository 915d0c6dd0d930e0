// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.ArrayList;
import java.util.List;

/**
 * A data source in WildFly that a transaction can use.
 *
 * @param id its name in the server's configuration
 * @param local whether it has local transactions
 * @param table where its transactions write
 */
record Resource(Database database, String id, boolean local, String table) {

    static final String TABLE = "outcome_one";
    static final String OTHER_TABLE = "outcome_other";

    /** Under test. */
    static Resource of(Cell cell) {
        return of(cell.database(), cell.subject(), cell.mode() == Mode.LOCAL);
    }

    private static Resource of(Database database, Subject subject, boolean local) {
        return new Resource(database, database.id() + "-" + subject.id() + (local ? "-local" : ""), local, TABLE);
    }

    /** The second one of two-phase transactions, of the same product: no fault ever meets it on its own. */
    static Resource other(Database database) {
        return new Resource(database, database.id() + "-other", false, OTHER_TABLE);
    }

    /** All that a product needs. */
    static List<Resource> of(Product product) {
        var resources = new ArrayList<Resource>();
        for (Database database : Database.values()) {
            resources.add(other(database));
            for (Subject subject : Subject.values()) {
                if (subject.product() == product) {
                    resources.add(of(database, subject, false));
                    if (product == Product.REPRISE) {
                        resources.add(of(database, subject, true));
                    }
                }
            }
        }
        return resources;
    }

    String jndiName() {
        return "java:/matrix/" + id;
    }
}

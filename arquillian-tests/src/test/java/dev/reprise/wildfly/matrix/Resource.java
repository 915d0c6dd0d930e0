// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A data source in WildFly that a transaction can use.
 *
 * @param id its name in the server's configuration
 * @param guard of the adapter
 * @param local whether it has local transactions
 * @param table where its transactions write
 */
record Resource(Database database, String id, String guard, boolean local, String table) {

    static final String TABLE = "outcome_one";
    static final String OTHER_TABLE = "outcome_other";

    /** Under test. */
    static Resource of(Cell cell) {
        boolean local = cell.mode() == Mode.LOCAL;
        String guard = cell.subject().id();
        return new Resource(
                cell.database(), cell.database().id() + "-" + guard + (local ? "-local" : ""), guard, local, TABLE);
    }

    /** The second one of two-phase transactions, of the same product: no fault ever meets it on its own. */
    static Resource other(Database database) {
        return new Resource(database, database.id() + "-other", Subject.AUTO.id(), false, OTHER_TABLE);
    }

    /** All that a product needs. */
    static Set<Resource> of(Product product) {
        var resources = new LinkedHashSet<Resource>();
        for (Database database : Database.values()) {
            resources.add(other(database));
        }
        Cell.all().stream()
                .filter(cell -> cell.subject().product() == product)
                .filter(cell -> cell.excluded().isEmpty())
                .forEach(cell -> resources.add(of(cell)));
        return resources;
    }

    String jndiName() {
        return "java:/matrix/" + id;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

/** Which database server the resource under test belongs to. */
enum Database {
    MARIADB("MariaDB"),
    POSTGRESQL("PostgreSQL");

    private final String title;

    Database(String title) {
        this.title = title;
    }

    @Override
    public String toString() {
        return title;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Locale;

/** Which database server the resource under test belongs to. */
enum Database {
    MARIADB("MariaDB", "reprise.rar", "org.mariadb.jdbc.MariaDbDataSource", "mysql.MySQL"),
    POSTGRESQL("PostgreSQL", "reprise-postgresql.rar", "org.postgresql.xa.PGXADataSource", "postgres.PostgreSQL");

    private final String title;
    private final String archive;
    private final String driver;
    private final String checker;

    Database(String title, String archive, String driver, String checker) {
        this.title = title;
        this.archive = archive;
        this.driver = driver;
        this.checker = checker;
    }

    /** The flavour of the adapter. */
    String archive() {
        return archive;
    }

    /** The driver's XADataSource. */
    String driver() {
        return driver;
    }

    /** How the names of WildFly's classes for it begin. */
    String checker() {
        return checker;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return title;
    }
}

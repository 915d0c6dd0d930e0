// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import java.beans.PropertyDescriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an administrator may write that is no good, and what he is told.
 *
 * @param changes to a configuration that works
 * @param says what the message has to contain
 */
record BadInput(Product product, Map<String, String> changes, List<String> says) {

    /** Stands wherever there is a secret. */
    static final String SECRET = "hunter2";

    enum Product {
        MARIADB,
        POSTGRESQL,
        OTHER;

        /** A configuration that works. */
        Map<String, String> right() {
            var right = new LinkedHashMap<String, String>();
            switch (this) {
                case MARIADB -> {
                    right.put("xaDataSourceClass", "org.mariadb.jdbc.MariaDbDataSource");
                    server(right, TestDatabase.mariaDb());
                }
                case POSTGRESQL -> {
                    right.put("xaDataSourceClass", "org.postgresql.xa.PGXADataSource");
                    server(right, TestDatabase.postgreSql());
                }
                case OTHER -> {
                    right.put("xaDataSourceClass", "org.h2.jdbcx.JdbcDataSource");
                    right.put("url", "jdbc:h2:mem:");
                }
            }
            right.put("connectTimeoutMillis", "1000");
            return right;
        }

        private static void server(Map<String, String> right, DatabaseServer server) {
            right.put("url", server.jdbcUrl());
            right.put("user", server.user());
            right.put("password", server.password());
        }
    }

    static BadInput of(Product product, String property, String value, String... says) {
        return new BadInput(product, Map.of(property, value), List.of(says));
    }

    BadInput and(String property, String value) {
        var all = new LinkedHashMap<>(changes);
        all.put(property, value);
        return new BadInput(product, all, says);
    }

    RepriseManagedConnectionFactory wrong() {
        var factory = new RepriseManagedConnectionFactory();
        Map<String, String> all = product.right();
        all.putAll(changes);
        all.forEach((property, value) -> set(factory, property, value));
        return factory;
    }

    /** What was wrong is right now; what was not written at all is not written again. */
    void putRight(RepriseManagedConnectionFactory factory) {
        Map<String, String> right = product.right();
        changes.keySet().forEach(property -> set(factory, property, right.getOrDefault(property, usual(property))));
    }

    private static String usual(String property) {
        return switch (property) {
            case "controlTimeoutMillis", "validationTimeoutMillis" -> "1000";
            case "trustWindowMillis", "pingAfterIdleMillis", "maxLifetimeSeconds", "keepaliveSeconds" -> "0";
            case "queryTimeoutSeconds" -> "0";
            case "guardTimeoutSeconds" -> "30";
            case "validateOnMatch" -> "true";
            case "resetOnReturn", "queryTimeoutFromTransaction", "requireTransaction", "requireVerifiedTls" -> "false";
            case "requiredRole" -> "primary";
            case "trackStatements" -> "close";
            case "commitGuard" -> "auto";
            case "ledgerTable" -> "reprise_slot";
            case "failoverFencing" -> "none";
            default -> "";
        };
    }

    private static void set(RepriseManagedConnectionFactory factory, String property, String value) {
        try {
            new PropertyDescriptor(property, RepriseManagedConnectionFactory.class)
                    .getWriteMethod()
                    .invoke(factory, value);
        } catch (Exception e) { // there is no such property
            throw new IllegalArgumentException(property, e);
        }
    }

    @Override
    public String toString() {
        return product + " " + changes;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.Database;
import jakarta.resource.spi.InvalidPropertyException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration of one connection factory, checked as a whole. */
record Settings(
        String xaDataSourceClass,
        String url,
        Map<String, String> driverProperties,
        Duration connectTimeout,
        Duration validationTimeout,
        Duration controlTimeout,
        boolean validateOnMatch,
        String newConnectionSql,
        Guarding guarding) {

    /** As an administrator wrote it: text, so that a wrong value can be shown with what is allowed. */
    record Source(
            String xaDataSourceClass,
            String url,
            String driverProperties,
            String connectTimeoutMillis,
            String validationTimeoutMillis,
            String controlTimeoutMillis,
            String validateOnMatch,
            String newConnectionSql,
            Guarding.Source guarding) {}

    /** @throws InvalidPropertyException naming every wrong property, its value and what is allowed */
    static Settings of(Source source) throws InvalidPropertyException {
        var problems = new Problems();
        var settings = new Settings(
                source.xaDataSourceClass().strip(),
                source.url().strip(),
                pairs(source.driverProperties(), problems),
                problems.millis("connectTimeoutMillis", source.connectTimeoutMillis()),
                problems.millis("validationTimeoutMillis", source.validationTimeoutMillis()),
                problems.millis("controlTimeoutMillis", source.controlTimeoutMillis()),
                problems.flag("validateOnMatch", source.validateOnMatch()),
                source.newConnectionSql().strip(),
                Guarding.of(
                        source.guarding(),
                        Database.of(source.xaDataSourceClass().strip()),
                        problems));
        List<String> refusals = settings.database().refusals(settings.url, settings.driverProperties);
        problems.addAll(refusals);
        if (settings.url.isEmpty() && settings.driverProperties.isEmpty() && refusals.isEmpty()) {
            problems.add("url: is empty; allowed is the JDBC URL of the database,"
                    + " or driverProperties that say where it is");
        }
        if (!problems.found().isEmpty()) {
            throw new InvalidPropertyException(
                    "Reprise cannot be used as configured: " + String.join("; ", problems.found()));
        }
        return settings;
    }

    Database database() {
        return Database.of(xaDataSourceClass);
    }

    /** {@code name=value;name=value}; a value may contain anything but a semicolon. */
    private static Map<String, String> pairs(String text, Problems problems) {
        var pairs = new LinkedHashMap<String, String>();
        for (String pair : text.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            } else if (!pair.isBlank()) {
                problems.add("driverProperties: an entry has no '='; allowed is name=value;name=value");
            }
        }
        return pairs;
    }
}

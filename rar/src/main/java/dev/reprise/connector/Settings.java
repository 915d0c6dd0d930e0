// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.Database;
import jakarta.resource.spi.InvalidPropertyException;
import java.time.Duration;
import java.util.ArrayList;
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
        String newConnectionSql) {

    /** As an administrator wrote it: text, so that a wrong value can be shown with what is allowed. */
    record Source(
            String xaDataSourceClass,
            String url,
            String driverProperties,
            String connectTimeoutMillis,
            String validationTimeoutMillis,
            String controlTimeoutMillis,
            String validateOnMatch,
            String newConnectionSql) {}

    /** @throws InvalidPropertyException naming every wrong property, its value and what is allowed */
    static Settings of(Source source) throws InvalidPropertyException {
        var problems = new ArrayList<String>();
        var settings = new Settings(
                source.xaDataSourceClass().strip(),
                source.url().strip(),
                pairs(source.driverProperties(), problems),
                millis("connectTimeoutMillis", source.connectTimeoutMillis(), problems),
                millis("validationTimeoutMillis", source.validationTimeoutMillis(), problems),
                millis("controlTimeoutMillis", source.controlTimeoutMillis(), problems),
                flag("validateOnMatch", source.validateOnMatch(), problems),
                source.newConnectionSql().strip());
        List<String> refusals = settings.database().refusals(settings.url, settings.driverProperties);
        problems.addAll(refusals);
        if (settings.url.isEmpty() && settings.driverProperties.isEmpty() && refusals.isEmpty()) {
            problems.add("url: is empty; allowed is the JDBC URL of the database,"
                    + " or driverProperties that say where it is");
        }
        if (!problems.isEmpty()) {
            throw new InvalidPropertyException("Reprise cannot be used as configured: " + String.join("; ", problems));
        }
        return settings;
    }

    Database database() {
        return Database.of(xaDataSourceClass);
    }

    /** {@code name=value;name=value}; a value may contain anything but a semicolon. */
    private static Map<String, String> pairs(String text, List<String> problems) {
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

    private static Duration millis(String name, String text, List<String> problems) {
        try {
            int millis = Integer.parseInt(text.strip());
            if (millis > 0) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            // said below, together with the numbers that are too small
        }
        problems.add(name + ": " + text + "; allowed is a whole number of milliseconds from 1 to " + Integer.MAX_VALUE);
        return Duration.ofMillis(1);
    }

    private static boolean flag(String name, String text, List<String> problems) {
        String value = text.strip();
        if (!value.equals("true") && !value.equals("false")) {
            problems.add(name + ": " + text + "; allowed is true or false");
        }
        return value.equals("true");
    }
}

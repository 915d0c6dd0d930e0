// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.database.Connector;
import dev.reprise.database.Database;
import jakarta.resource.spi.InvalidPropertyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of one connection factory, checked as a whole.
 *
 * @param failoverUrls tried in this order where the one before cannot be used
 * @param primaryOnly whether only servers that take writes are used
 * @param transactionRequired whether writing outside a transaction of the container is refused
 * @param verifiedTls whether a server must prove who it is
 */
record Settings(
        String xaDataSourceClass,
        String url,
        List<String> failoverUrls,
        boolean primaryOnly,
        Map<String, String> driverProperties,
        boolean verifiedTls,
        Duration connectTimeout,
        Duration controlTimeout,
        Freshness freshness,
        Sessions sessions,
        boolean transactionRequired,
        Guarding guarding,
        Replaying replaying) {

    /** Properties of a data source (JDBC 4.3, 9.4.1), and what drivers call so. */
    private static final Set<String> WHERE = Set.of("serverName", "portNumber", "databaseName", "url", "URL");

    /**
     * @param written by the names of the properties; what is missing has its default
     * @throws InvalidPropertyException naming every wrong property, its value and what is allowed
     */
    static Settings of(Map<String, String> written) throws InvalidPropertyException {
        var properties = new WrittenProperties(written);
        String driver = properties.text("xaDataSourceClass", "org.mariadb.jdbc.MariaDbDataSource");
        var settings = new Settings(
                driver,
                properties.text("url", ""),
                words(properties.text("failoverUrls", "")),
                properties.oneOf("requiredRole", List.of("primary", "any")).equals("primary"),
                pairs(properties),
                properties.flag("requireVerifiedTls", false),
                properties.millis("connectTimeoutMillis", 5_000),
                properties.millis("controlTimeoutMillis", 30_000),
                Freshness.of(properties),
                Sessions.of(properties, Database.of(driver)),
                properties.flag("requireTransaction", false),
                Guarding.of(properties, Database.of(driver)),
                Replaying.of(properties));
        List<String> refusals = settings.database().refusals(settings.url, settings.driverProperties);
        refusals.forEach(properties::wrong);
        if (settings.verifiedTls) {
            settings.urls()
                    .flatMap(
                            each -> settings.database().refusalsOfVerifiedTls(each, settings.driverProperties).stream())
                    .distinct()
                    .forEach(properties::wrong);
        }
        String ofDriver = Connector.problems(settings.database(), driver, settings.url, settings.driverProperties);
        if (!ofDriver.isEmpty()) {
            properties.wrong(ofDriver);
        }
        settings.refusalsOfFailover().forEach(properties::wrong);
        if (settings.url.isEmpty() && settings.driverProperties.isEmpty() && refusals.isEmpty()) {
            properties.wrong("url: is empty; allowed is the JDBC URL of the database,"
                    + " or driverProperties that say where it is");
        }
        if (!properties.problems().isEmpty()) {
            throw new InvalidPropertyException(
                    "Reprise cannot be used as configured: " + String.join("; ", properties.problems()));
        }
        return settings;
    }

    private List<String> refusalsOfFailover() {
        if (failoverUrls.stream().anyMatch(this::isSeparatedOtherwise)) {
            return List.of("failoverUrls: a comma or semicolon separates its URLs; allowed is white space");
        }
        var refusals = new ArrayList<String>();
        for (String each : failoverUrls) {
            for (String refusal : database().refusals(each, Map.of())) {
                refusals.add("failoverUrls: " + refusal);
            }
        }
        boolean elsewhere = driverProperties.keySet().stream().anyMatch(WHERE::contains);
        if (!failoverUrls.isEmpty() && (url.isEmpty() || elsewhere)) {
            refusals.add("failoverUrls: driverProperties say where the database is, for all URLs alike;"
                    + " allowed is url, and failoverUrls");
        }
        return refusals;
    }

    /** Drivers would read what follows as a part of the database's name. */
    private boolean isSeparatedOtherwise(String url) {
        return url.indexOf("jdbc:", 1) > 0
                || url.endsWith(",")
                || (url.endsWith(";") && !database().isGeneric());
    }

    Database database() {
        return Database.of(xaDataSourceClass);
    }

    /** Where the database is looked for, for messages. */
    String where() {
        return urls().map(Database::endpoint)
                .filter(endpoint -> !endpoint.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private Stream<String> urls() {
        return Stream.concat(Stream.of(url), failoverUrls.stream());
    }

    /** What the driver is given. */
    Map<String, String> driverOptions() {
        return verifiedTls ? database().withVerifiedTls(driverProperties) : driverProperties;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    }

    /** {@code name=value;name=value}; a value may contain anything but a semicolon. */
    private static Map<String, String> pairs(WrittenProperties properties) {
        var pairs = new LinkedHashMap<String, String>();
        for (String pair : properties.text("driverProperties", "").split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(
                        pair.substring(0, equals).strip(),
                        pair.substring(equals + 1).strip());
            } else if (!pair.isBlank()) {
                properties.wrong("driverProperties: an entry has no '='; allowed is name=value;name=value");
            }
        }
        return pairs;
    }
}

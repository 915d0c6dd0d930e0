// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Options of pgjdbc, which stand in its URL or are properties of its data source. */
final class PostgreSqlOptions {

    private static final Pattern URL = Pattern.compile("jdbc:postgresql:(?://([^/?]*)(/[^?]*)?)?[^?]*(?:\\?.*)?");
    private static final List<String> SIGN_ON = List.of("user", "password");

    private PostgreSqlOptions() {}

    /** What is wrong with this configuration, a sentence each. */
    static List<String> refusals(String url, Map<String, String> driverProperties) {
        var refusals = new ArrayList<String>();
        Map<String, String> options = DriverOptions.ofUrl(url);
        if (!url.isEmpty()) {
            var matcher = URL.matcher(url);
            if (!matcher.matches()) {
                return List.of("url: must look like jdbc:postgresql://host:port/database");
            }
            refuseHost(matcher.group(1), matcher.group(2), refusals);
        }
        for (String name : SIGN_ON) {
            if (has(options, name) || has(driverProperties, name)) {
                refusals.add(name + ": must not stand in url or driverProperties; set the property " + name
                        + ", or let the container sign on");
            }
        }
        refusals.addAll(unknownToTheDriver(options, driverProperties));
        return refusals;
    }

    private static void refuseHost(@Nullable String authority, @Nullable String path, List<String> refusals) {
        if (authority == null) {
            return;
        }
        if (authority.contains(",")) {
            refusals.add("url: several hosts are the driver's own fail-over;"
                    + " allowed is one host, jdbc:postgresql://host:port/database");
        } else if (path == null || !Authority.of(authority).valid()) {
            refusals.add("url: its host, port or database cannot be read; allowed is"
                    + " jdbc:postgresql://host:port/database, with a port from 1 to 65535, and user and password in"
                    + " properties of their own");
        }
    }

    private static boolean has(Map<String, String> options, String name) {
        return options.keySet().stream().anyMatch(name::equalsIgnoreCase);
    }

    /** Which names the data source has is found out when they are set. */
    private static List<String> unknownToTheDriver(Map<String, String> options, Map<String, String> driverProperties) {
        var others = new LinkedHashMap<>(options);
        others.keySet().removeAll(SIGN_ON);
        try {
            var refusals = new ArrayList<>(DriverOptions.PostgreSqlDriver.unknown(others));
            refusals.addAll(DriverOptions.PostgreSqlDriver.refusals("url", others));
            refusals.addAll(DriverOptions.PostgreSqlDriver.refusals("driverProperties", driverProperties));
            return refusals;
        } catch (LinkageError e) {
            return List.of(); // the driver is missing, which is said elsewhere, or of another version
        }
    }
}

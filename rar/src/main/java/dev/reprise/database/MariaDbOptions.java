// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Options of Connector/J, which all stand in its URL. */
final class MariaDbOptions {

    /** {@code jdbc:mariadb:[ha-mode:]//host[,host...]/...} */
    private static final Pattern URL = Pattern.compile("jdbc:(?:mariadb|mysql):([^/]*)//([^/?]*).*");

    private static final Set<String> OURS =
            Set.of("transactionreplay", "autocommit", "pinglobaltxtophysicalconnection", "user", "password");

    private static final Set<String> TRUSTED = Set.of("serversslcert", "truststore", "trustcertificatekeystoreurl");

    private MariaDbOptions() {}

    /** What is wrong with this configuration, a sentence each. */
    static List<String> refusals(String url, Map<String, String> driverProperties) {
        var refusals = new ArrayList<String>();
        var matcher = URL.matcher(url);
        if (!matcher.matches()) {
            return List.of("url: must look like jdbc:mariadb://host:port/database");
        }
        if (!matcher.group(1).isEmpty()
                || matcher.group(2).contains(",")
                || matcher.group(2).contains("address=")) {
            refusals.add("url: the driver's high-availability modes and lists of hosts change the server inside a"
                    + " transaction; allowed is one host, jdbc:mariadb://host:port/database");
        }
        if (refusals.isEmpty() && !Authority.of(matcher.group(2)).valid()) {
            refusals.add("url: its host or port cannot be read; allowed is jdbc:mariadb://host:port/database, with a"
                    + " port from 1 to 65535, and user and password in properties of their own");
        }
        Map<String, String> options = DriverOptions.ofUrl(url);
        if (url.startsWith("jdbc:mysql:") && !options.containsKey("permitMysqlScheme")) {
            refusals.add("url: jdbc:mysql: is taken with the option permitMysqlScheme only; allowed is jdbc:mariadb:");
        }
        options.forEach((name, value) -> refuse(name, value, refusals));
        driverProperties.forEach((name, value) -> refuse(name, value, refusals));
        refusals.addAll(unknownToTheDriver("url", options));
        refusals.addAll(unknownToTheDriver("driverProperties", driverProperties));
        return refusals;
    }

    /** What {@link #refuse} refuses is not said twice. */
    private static List<String> unknownToTheDriver(String where, Map<String, String> options) {
        var others = new LinkedHashMap<>(options);
        others.keySet().removeIf(name -> OURS.contains(name.toLowerCase(Locale.ROOT)));
        others.values().removeIf(value -> value.indexOf('&') >= 0);
        try {
            return DriverOptions.MariaDbDriver.refusals(where, others);
        } catch (SQLException | LinkageError e) {
            return List.of(); // the driver is missing, which is said elsewhere, or of another version
        }
    }

    private static void refuse(String name, String value, List<String> refusals) {
        if (value.indexOf('&') >= 0) {
            refusals.add("driverProperties: the value of " + name
                    + " has a '&', which begins another option of the driver; allowed is a value without");
        }
        switch (name.toLowerCase(Locale.ROOT)) {
            case "transactionreplay" -> {
                if (!value.equalsIgnoreCase("false")) {
                    refusals.add("transactionReplay=" + value
                            + ": the driver's replay commits twice when the reply of a commit is lost;"
                            + " allowed is false, or leave it out");
                }
            }
            case "autocommit" -> {
                if (!value.equalsIgnoreCase("true")) {
                    refusals.add("autocommit=" + value + ": connections must begin in auto-commit mode;"
                            + " allowed is true, or leave it out");
                }
            }
            case "pinglobaltxtophysicalconnection" -> {
                if (!value.equalsIgnoreCase("false")) {
                    refusals.add("pinGlobalTxToPhysicalConnection=" + value
                            + ": branches are bound to their connection by the adapter; leave it out");
                }
            }
            case "user", "password" ->
                refusals.add(name.toLowerCase(Locale.ROOT) + ": must not stand in url or driverProperties; set the"
                        + " property " + name.toLowerCase(Locale.ROOT) + ", or let the container sign on");
            default -> {}
        }
    }

    static VerifiedTls verifiedTls() {
        return VerifiedTls.mariaDb(isKnown("deferCertificateValidation"));
    }

    private static boolean isKnown(String option) {
        try {
            return DriverOptions.MariaDbDriver.known().containsKey(option);
        } catch (SQLException | LinkageError e) {
            return false; // the driver is missing, which is said elsewhere, or of another version
        }
    }

    /** As {@link Database#refusalsOfVerifiedTls}. */
    static List<String> refusalsOfVerifiedTls(String url, Map<String, String> driverProperties) {
        var refusals = new ArrayList<>(verifiedTls().refusals("url", DriverOptions.ofUrl(url)));
        refusals.addAll(verifiedTls().refusals("driverProperties", driverProperties));
        boolean trusts = Stream.concat(DriverOptions.ofUrl(url).keySet().stream(), driverProperties.keySet().stream())
                .anyMatch(name -> TRUSTED.contains(name.toLowerCase(Locale.ROOT)));
        if (!trusts && !isKnown("deferCertificateValidation")) {
            refusals.add(
                    "requireVerifiedTls: true, but this version of the driver accepts a certificate that nobody has"
                            + " signed if the server knows the password, unless it is told whom to trust; set serverSslCert or"
                            + " trustStore in url or driverProperties");
        }
        return refusals;
    }

    /** Connector/J takes its options in the URL; what the administrator wrote there wins. */
    static String complete(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory) {
        var options = new LinkedHashMap<String, String>();
        options.put("connectTimeout", String.valueOf(connectTimeout.toMillis()));
        if (!socketFactory.isEmpty()) {
            options.put("socketFactory", socketFactory);
        }
        options.putAll(driverProperties);
        options.keySet().removeAll(DriverOptions.ofUrl(url).keySet());
        var complete = new StringBuilder(url);
        options.forEach((name, value) -> complete.append(complete.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return complete.toString();
    }
}

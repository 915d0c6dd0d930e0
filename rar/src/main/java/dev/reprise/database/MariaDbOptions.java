// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Options of Connector/J, which all stand in its URL. */
final class MariaDbOptions {

    /** {@code jdbc:mariadb:[ha-mode:]//host[,host...]/...} */
    private static final Pattern URL = Pattern.compile("jdbc:(?:mariadb|mysql):([^/]*)//([^/?]*).*");

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
        urlOptions(url).forEach((name, value) -> refuse(name, value, refusals));
        driverProperties.forEach((name, value) -> refuse(name, value, refusals));
        return refusals;
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
            case "password" ->
                refusals.add("password: must not stand in url or driverProperties;"
                        + " set the property password, or let the container sign on");
            default -> {}
        }
    }

    private static Map<String, String> urlOptions(String url) {
        var options = new LinkedHashMap<String, String>();
        int query = url.indexOf('?');
        if (query >= 0) {
            for (String option : url.substring(query + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                options.put(
                        equals < 0 ? option : option.substring(0, equals),
                        equals < 0 ? "" : option.substring(equals + 1));
            }
        }
        return options;
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
        options.keySet().removeAll(urlOptions(url).keySet());
        var complete = new StringBuilder(url);
        options.forEach((name, value) -> complete.append(complete.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(value));
        return complete.toString();
    }
}

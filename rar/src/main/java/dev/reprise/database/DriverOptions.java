// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Driver;
import org.mariadb.jdbc.util.options.OptionAliases;
import org.postgresql.PGProperty;

/**
 * Options of a URL as their driver knows them: drivers take no notice of a name that they do not know, such as a misspelt
 * {@code sslMode}. Loaded only where it is asked for: drivers may be missing.
 */
final class DriverOptions {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,10}");

    private DriverOptions() {}

    /** The last one of a name counts. */
    static Map<String, String> ofUrl(String url) {
        var options = new LinkedHashMap<String, String>();
        int query = url.indexOf('?');
        if (query >= 0) {
            for (String option : url.substring(query + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                if (!option.isEmpty()) {
                    options.put(
                            equals < 0 ? option : option.substring(0, equals),
                            equals < 0 ? "" : option.substring(equals + 1));
                }
            }
        }
        return options;
    }

    static final class MariaDbDriver {

        /** What the driver reads, but does not list (3.5.11 and 4.0.0). */
        private static final List<String> UNLISTED = List.of(
                "accessKeyId",
                "canUseServerTimeout",
                "disableSslContextCache",
                "disableSslHostnameVerification",
                "forceTransactionEnd",
                "getExportedKeysUsingIs",
                "getImportedKeysUsingIs",
                "importedKeysWithConstraintNames",
                "permitMysqlScheme",
                "pwdKey",
                "region",
                "resultSetMetaDataUnsignedCompatibility",
                "secretKey",
                "trustServerCertificate",
                "userKey",
                "useSsl");

        private MariaDbDriver() {}

        /** Names, in any case, and what the driver says of them. */
        static Map<String, String> known() throws SQLException {
            var known = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            UNLISTED.forEach(name -> known.put(name, ""));
            OptionAliases.OPTIONS_ALIASES.keySet().forEach(name -> known.put(name, ""));
            for (DriverPropertyInfo info :
                    new Driver().getPropertyInfo("jdbc:mariadb://localhost/", new Properties())) {
                known.put(info.name, String.valueOf(info.description));
            }
            return known;
        }

        static List<String> refusals(String where, Map<String, String> options) throws SQLException {
            Map<String, String> known = known();
            var refusals = new ArrayList<String>();
            options.forEach((name, value) -> {
                if (!known.containsKey(name)) {
                    refusals.add(unknown(where, name, known));
                } else {
                    try {
                        Configuration.parse("jdbc:mariadb://localhost/?" + name + "=" + value);
                    } catch (SQLException e) {
                        refusals.add(where + ": " + name + "=" + value + " is refused by the driver; allowed is: "
                                + known.get(name));
                    }
                }
            });
            return refusals;
        }

        private static String unknown(String where, String name, Map<String, String> known) {
            return where + ": " + name + " is no option of MariaDB Connector/J"
                    + NearestName.question(name, known.keySet());
        }
    }

    static final class PostgreSqlDriver {

        private PostgreSqlDriver() {}

        /** Of a URL; data sources know names that URLs do not. */
        static List<String> unknown(Map<String, String> options) {
            List<String> names =
                    Arrays.stream(PGProperty.values()).map(PGProperty::getName).toList();
            return options.keySet().stream()
                    .filter(name -> PGProperty.forName(name) == null)
                    .map(name -> "url: " + name + " is no option of pgjdbc" + NearestName.question(name, names))
                    .toList();
        }

        static List<String> refusals(String where, Map<String, String> options) {
            var refusals = new ArrayList<String>();
            options.forEach((name, value) -> {
                String allowed =
                        named(name).map(property -> allowed(property, value)).orElse("");
                if (!allowed.isEmpty()) {
                    refusals.add(where + ": " + name + "=" + value + "; allowed is " + allowed);
                }
            });
            return refusals;
        }

        /** A data source takes its names in any case. */
        private static Optional<PGProperty> named(String name) {
            return Arrays.stream(PGProperty.values())
                    .filter(each -> each.getName().equalsIgnoreCase(name))
                    .findFirst();
        }

        /** Instead of this value; empty if it is allowed. */
        private static String allowed(PGProperty property, String value) {
            String[] choices = property.getChoices();
            if (choices != null) {
                boolean among = Arrays.stream(choices).anyMatch(value::equalsIgnoreCase);
                return among ? "" : "one of " + String.join(", ", choices);
            }
            String usual = property.getDefaultValue();
            boolean number = usual != null && NUMBER.matcher(usual).matches();
            return number && !NUMBER.matcher(value).matches() ? "a whole number" : "";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How a driver is made to connect only to a server that proves by its certificate who it is.
 *
 * @param demands options that have to be set
 * @param allowed by the lower case of their names, options that would weaken it, and the values that do not
 */
record VerifiedTls(Map<String, String> demands, Map<String, Set<String>> allowed) {

    private static final Set<String> NO = Set.of("false", "0");

    static final VerifiedTls POSTGRESQL = new VerifiedTls(
            Map.of("sslmode", "verify-full"),
            Map.of(
                    "sslmode", Set.of("verify-full"),
                    "ssl", Set.of("true"),
                    "sslfactory", Set.of("org.postgresql.ssl.LibPQFactory", "org.postgresql.ssl.DefaultJavaSSLFactory"),
                    "sslhostnameverifier", Set.of(),
                    "gssencmode", Set.of("disable", "allow")));

    /**
     * Certificates that nobody has signed are otherwise accepted if the server knows the password. What cannot be
     * switched off (3.5) does not happen where it is said which certificates are trusted.
     */
    static VerifiedTls mariaDb(boolean deferrable) {
        return new VerifiedTls(
                deferrable
                        ? Map.of("sslMode", "verify-full", "deferCertificateValidation", "false")
                        : Map.of("sslMode", "verify-full"),
                Map.of(
                        "sslmode", Set.of("verify-full", "verify_full", "1", "true"),
                        "usessl", Set.of("true", "1"),
                        "trustservercertificate", NO,
                        "disablesslhostnameverification", NO,
                        "defercertificatevalidation", NO,
                        "tlssockettype", Set.of(),
                        "localsocket", Set.of(),
                        "pipe", Set.of()));
    }

    /** What contradicts it, a sentence each. */
    List<String> refusals(String where, Map<String, String> options) {
        var refusals = new ArrayList<String>();
        options.forEach((name, value) -> {
            Set<String> values = allowed.get(name.toLowerCase(Locale.ROOT));
            if (values != null && values.stream().noneMatch(value::equalsIgnoreCase)) {
                refusals.add(where + ": " + name + "=" + value + " contradicts requireVerifiedTls=true; allowed is "
                        + (values.isEmpty()
                                ? ""
                                : String.join(" or ", values.stream().sorted().toList()) + ", or ")
                        + "to leave it out");
            }
        });
        return refusals;
    }

    Map<String, String> added(Map<String, String> driverProperties) {
        var all = new LinkedHashMap<>(driverProperties);
        demands.forEach((name, value) -> {
            if (all.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                all.put(name, value);
            }
        });
        return all;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands between the slashes of a JDBC URL.
 *
 * @param host as written, an IPv6 address without its brackets; may be empty
 */
record Authority(String host, boolean valid) {

    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:@\\[\\]]*))(?::(\\d{1,5}))?");
    private static final Pattern URL = Pattern.compile("jdbc:[^/?]*//([^/?]*).*");
    private static final Set<String> LOOPBACK = Set.of("", "localhost", "::1", "0:0:0:0:0:0:0:1");

    /** One host and, if need be, its port; a user or password before it makes it invalid. */
    static Authority of(String text) {
        Matcher matcher = HOST_AND_PORT.matcher(text);
        if (!matcher.matches()) {
            return new Authority(text, false);
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
        return new Authority(host, port >= 1 && port <= 65_535);
    }

    /** Without one, drivers mean this machine. */
    static Authority ofUrl(String url) {
        return of(textOf(url));
    }

    /** As written; empty if there is none. */
    static String textOf(String url) {
        Matcher matcher = URL.matcher(url);
        return matcher.matches() ? matcher.group(1) : "";
    }

    /** Whether what is sent there does not leave this machine. */
    boolean isLoopback() {
        return LOOPBACK.contains(host.toLowerCase(Locale.ROOT)) || host.matches("127[.][0-9.]+");
    }
}

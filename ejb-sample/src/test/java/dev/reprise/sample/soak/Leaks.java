// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Connections and threads that the server has, although nobody works. */
final class Leaks {

    private static final Duration GIVEN_BACK = Duration.ofMinutes(1);

    /** The adapter's own, of both its flavours together. */
    private static final int THREADS = 8;

    private static final Pattern NUMBER = Pattern.compile("\"result\" => \"?(\\d+)");
    private static final Pattern THREAD = Pattern.compile("\"thread-name\" => \"(reprise-[^\"]*)\"");

    private final Stage stage;
    private final List<String> violations = new ArrayList<>();

    Leaks(Stage stage) {
        this.stage = stage;
    }

    List<String> look() {
        stage.sites().values().forEach(this::lookForConnections);
        lookForThreads();
        return violations;
    }

    private void lookForConnections(Site site) {
        try {
            Awaitility.await().atMost(GIVEN_BACK).until(() -> leaks(site).isEmpty());
        } catch (ConditionTimeoutException e) {
            violations.add(leaks(site));
        }
    }

    /** Recovery has a connection of its own, which the pool does not count. */
    private String leaks(Site site) {
        try {
            long inUse = pool(site, "InUseCount");
            long pooled = pool(site, "ActiveCount");
            int sessions = site.sessions().size();
            return inUse == 0 && (sessions == pooled || sessions == pooled + 1)
                    ? ""
                    : "%s: %d connections in use, %d pooled, %d sessions"
                            .formatted(site.dialect(), inUse, pooled, sessions);
        } catch (SQLException e) {
            return site.dialect() + " does not say which sessions it has: " + e.getMessage();
        }
    }

    private long pool(Site site, String attribute) {
        String name = site.adapter();
        Matcher matcher = NUMBER.matcher(stage.server()
                .cli("/subsystem=resource-adapters/resource-adapter=" + name + "/connection-definitions=" + name
                        + "/statistics=pool:read-attribute(name=" + attribute + ")"));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private void lookForThreads() {
        var threads = new ArrayList<String>();
        Matcher matcher = THREAD.matcher(stage.server()
                .cli("/core-service=platform-mbean/type=threading:dump-all-threads(locked-monitors=false,"
                        + "locked-synchronizers=false)"));
        while (matcher.find()) {
            threads.add(matcher.group(1));
        }
        if (threads.size() > THREADS) {
            violations.add(threads.size() + " threads of the adapter: " + threads);
        }
    }
}

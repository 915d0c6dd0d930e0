// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The transactions that were lost, as far as the adapter and the retry have logged them. For one thread. */
final class Losses {

    private static final Pattern UNNOTICED = Pattern.compile("REPRISE0029: ");
    private static final Pattern GIVEN_UP =
            Pattern.compile("REPRISE0030: .*?rolled back: (.*) \\(\\d+ transactions so");
    private static final Pattern OTHERWISE = Pattern.compile("REPRISE-R[12]: .* was rolled back \\(\\w+, LOST,");
    private static final Pattern TIME_LEFT = Pattern.compile("\\d+ ms");

    private final SortedMap<String, Integer> reasons = new TreeMap<>();
    private int unnoticed;
    private int otherwise;

    void read(String line) {
        if (UNNOTICED.matcher(line).find()) {
            unnoticed++;
        }
        if (OTHERWISE.matcher(line).find()) {
            otherwise++;
        }
        Matcher givenUp = GIVEN_UP.matcher(line);
        if (givenUp.find()) {
            reasons.merge(TIME_LEFT.matcher(givenUp.group(1)).replaceAll("... ms"), 1, Integer::sum);
        }
    }

    int unnoticed() {
        return unnoticed;
    }

    /** How often a replay was given up, by the reason; how much time it had makes no difference. */
    Map<String, Integer> givenUp() {
        return reasons;
    }

    /** How often the retry has met a lost connection that the adapter has not run again, and not given up either. */
    int otherwise() {
        return otherwise;
    }

    /** In Markdown. */
    String report() {
        int sum = reasons.values().stream().mapToInt(Integer::intValue).sum();
        int all = unnoticed + sum + otherwise;
        var text = new StringBuilder("""

                | lost transactions | |
                |---|---|
                | run again by the adapter, unnoticed by the application (REPRISE0029) | %d |
                | given up, and rolled back (REPRISE0030) | %d |
                | lost otherwise, as by PREPARE, COMMIT or a WildFly that stops (LOST in REPRISE-R1 and R2) | %d |
                | share that the application never saw | %s |

                Lines of the log are counted, so a transaction that was lost twice counts twice. Not counted is what the \
                retry does not log as lost: transactions that ended with a killed WildFly or by their timeout, and those \
                that got no connection or met a server that takes no writes.

                | why a lost transaction was not run again | times |
                |---|---|
                """.formatted(
                        unnoticed,
                        sum,
                        otherwise,
                        all == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100.0 * unnoticed / all)));
        reasons.forEach((reason, times) -> text.append("| %s | %d |%n".formatted(reason, times)));
        return text.toString();
    }
}

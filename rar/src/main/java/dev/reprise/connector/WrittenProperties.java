// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads what an administrator wrote, each property with the default that holds where nothing is written, and collects
 * what is wrong with it: the property, the value and what is allowed.
 */
final class WrittenProperties {

    private static final int MOST_SECONDS = 86_400;

    private final Map<String, String> written;
    private final List<String> problems = new ArrayList<>();

    WrittenProperties(Map<String, String> written) {
        this.written = written;
    }

    void wrong(String problem) {
        problems.add(problem);
    }

    List<String> problems() {
        return problems;
    }

    String text(String property, String otherwise) {
        return written.getOrDefault(property, otherwise).strip();
    }

    Duration millis(String property, long otherwise) {
        return Duration.ofMillis(number(property, otherwise, "milliseconds", 1, Integer.MAX_VALUE));
    }

    Duration millisOrZero(String property, long otherwise) {
        return Duration.ofMillis(number(property, otherwise, "milliseconds", 0, Integer.MAX_VALUE));
    }

    Duration seconds(String property, long otherwise) {
        return Duration.ofSeconds(number(property, otherwise, "seconds", 1, MOST_SECONDS));
    }

    Duration secondsOrZero(String property, long otherwise) {
        return Duration.ofSeconds(number(property, otherwise, "seconds", 0, MOST_SECONDS));
    }

    int count(String property, int otherwise, String unit) {
        return (int) number(property, otherwise, unit, 1, Integer.MAX_VALUE);
    }

    private long number(String property, long otherwise, String unit, int least, int most) {
        String text = text(property, String.valueOf(otherwise));
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, together with the numbers that are out of range
        }
        wrong(property + ": " + text + "; allowed is a whole number of " + unit + " from " + least + " to " + most);
        return otherwise;
    }

    boolean flag(String property, boolean otherwise) {
        String text = text(property, String.valueOf(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            wrong(property + ": " + text + "; allowed is true or false");
        }
        return text.equals("true");
    }

    /** The first of those allowed is the default. */
    String oneOf(String property, List<String> allowed) {
        String text = text(property, allowed.get(0));
        if (!allowed.contains(text)) {
            wrong(property + ": " + text + "; allowed is one of " + String.join(", ", allowed));
            return allowed.get(0);
        }
        return text;
    }

    String matching(Pattern pattern, String property, String otherwise, String allowed) {
        String text = text(property, otherwise);
        if (!pattern.matcher(text).matches()) {
            wrong(property + ": " + text + "; allowed is " + allowed);
        }
        return text;
    }
}

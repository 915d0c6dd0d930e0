// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads what an administrator wrote, and collects what is wrong with it: the property, the value and what is allowed. */
final class Problems {

    private static final int MOST_SECONDS = 86_400;

    private final List<String> found = new ArrayList<>();

    void add(String problem) {
        found.add(problem);
    }

    void addAll(List<String> problems) {
        found.addAll(problems);
    }

    List<String> found() {
        return found;
    }

    Duration millis(String property, String text) {
        return Duration.ofMillis(number(property, text, "milliseconds", Integer.MAX_VALUE));
    }

    Duration seconds(String property, String text) {
        return Duration.ofSeconds(number(property, text, "seconds", MOST_SECONDS));
    }

    private int number(String property, String text, String unit, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number > 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, together with the numbers that are out of range
        }
        add(property + ": " + text + "; allowed is a whole number of " + unit + " from 1 to " + most);
        return 1;
    }

    boolean flag(String property, String text) {
        String value = text.strip();
        if (!value.equals("true") && !value.equals("false")) {
            add(property + ": " + text + "; allowed is true or false");
        }
        return value.equals("true");
    }

    String oneOf(String property, String text, List<String> allowed) {
        String value = text.strip();
        if (!allowed.contains(value)) {
            add(property + ": " + text + "; allowed is one of " + String.join(", ", allowed));
        }
        return value;
    }

    String matching(Pattern pattern, String property, String text, String allowed) {
        String value = text.strip();
        if (!pattern.matcher(value).matches()) {
            add(property + ": " + text + "; allowed is " + allowed);
        }
        return value;
    }
}

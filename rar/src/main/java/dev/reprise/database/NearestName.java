// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** What somebody may have meant who wrote a name that nobody knows. */
final class NearestName {

    private NearestName() {}

    /** The end of a sentence that says that the name is not known: a question, or nothing if none of them is near. */
    static String question(String written, Collection<String> known) {
        String lower = written.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt(each -> distance(lower, each.toLowerCase(Locale.ROOT))))
                .filter(nearest -> distance(lower, nearest.toLowerCase(Locale.ROOT)) <= 1 + written.length() / 4)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }

    /** How many characters have to be inserted, deleted or changed (Levenshtein). */
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}

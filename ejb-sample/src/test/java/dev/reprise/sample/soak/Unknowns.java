// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The transfers whose clients were told that nobody knows: the adapter goes on looking, and logs what it finds. */
final class Unknowns {

    private static final Pattern BRANCH = Pattern.compile("branch (0x[0-9a-f]+,0x[0-9a-f]+,0x[0-9a-f]+)");

    private static final String NOT_SAID = "nothing";

    private final List<String> lines = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    /**
     * @param told what each client was told
     * @param found by branch, what the adapter has logged
     * @param restarted a server that was restarted has forgotten those before this transfer, and need not say more
     */
    Unknowns(Map<Integer, String> told, Map<String, String> found, Set<Integer> stored, int restarted) {
        told.forEach((transfer, text) -> {
            Matcher matcher = BRANCH.matcher(text);
            String branch = matcher.find() ? matcher.group(1) : "";
            String outcome = found.getOrDefault(branch, NOT_SAID);
            String truth = stored.contains(transfer) ? "COMMITTED" : "ROLLED_BACK";
            String line = "transfer " + transfer + ": " + truth + ", said later: " + outcome + " (" + text + ")";
            lines.add(line);
            if (!outcome.equals(truth) && !(outcome.equals(NOT_SAID) && transfer < restarted)) {
                violations.add("unknown " + line);
            }
        });
    }

    List<String> lines() {
        return lines;
    }

    /** Those that were not decided, or not as they are stored. */
    List<String> violations() {
        return violations;
    }
}

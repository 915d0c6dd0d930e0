// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What one bank's clients were told, against what it has stored.
 *
 * @param unknown told so, or not answered
 * @param lost told committed, and not stored
 * @param lied told rolled back, and stored
 * @param twice refused as stored before, although no client uses an id twice: the bank itself came again
 * @param strange stored, although no client asked for it
 */
public record Comparison(
        long acknowledged,
        long stored,
        long unknown,
        List<Integer> lost,
        List<Integer> lied,
        List<Integer> twice,
        List<Integer> strange) {

    /** What must never be, one sentence each; empty if all is true. */
    public List<String> lies() {
        var lies = new ArrayList<String>();
        say(lies, lost, "acknowledged but not stored");
        say(lies, lied, "reported as rolled back but stored");
        say(lies, twice, "run again although already stored");
        say(lies, strange, "stored although nobody asked for it");
        return lies;
    }

    private static void say(List<String> lies, List<Integer> transfers, String what) {
        if (!transfers.isEmpty()) {
            String first = transfers.size() > 5 ? ", the first are " + transfers.subList(0, 5) : ": " + transfers;
            lies.add(transfers.size() + " " + what + first);
        }
    }
}

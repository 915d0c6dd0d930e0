// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many transactions were run again, and how many were not, for each kind of reason. Thread-safe. */
final class ReplayCounts {

    private static final String DONE = "";

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** @return how many by now */
    long replayed() {
        return increment(DONE);
    }

    /**
     * @param reason its kind is what stands before a colon
     * @return how many by now for reasons of this kind
     */
    long notReplayed(String reason) {
        int colon = reason.indexOf(':');
        return increment(colon < 0 ? reason : reason.substring(0, colon));
    }

    private long increment(String kind) {
        LongAdder count = counts.computeIfAbsent(kind, none -> new LongAdder());
        count.increment();
        return count.sum();
    }
}

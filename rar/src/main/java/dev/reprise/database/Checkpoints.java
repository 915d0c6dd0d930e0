// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Where in its log a PostgreSQL server has begun anew, after a crash or a shutdown, as far as one of our sessions has seen
 * it. Thread-safe.
 */
final class Checkpoints {

    private static final int MOST = 1_000;

    private final Map<String, NavigableSet<Long>> beginnings = new HashMap<>();

    /** @param beginning whether the checkpoint is the one with which a run of the server has begun */
    synchronized void see(String server, long checkpoint, boolean beginning) {
        if (beginning) {
            NavigableSet<Long> seen = beginnings.computeIfAbsent(server, none -> new TreeSet<>());
            seen.add(checkpoint);
            if (seen.size() > MOST) {
                seen.pollFirst();
            }
        }
    }

    /** The first beginning after that checkpoint. */
    synchronized OptionalLong firstAfter(String server, long checkpoint) {
        NavigableSet<Long> seen = beginnings.get(server);
        Long first = seen == null ? null : seen.higher(checkpoint);
        return first == null ? OptionalLong.empty() : OptionalLong.of(first);
    }
}

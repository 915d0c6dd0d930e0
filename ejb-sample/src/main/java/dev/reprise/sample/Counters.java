// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import dev.reprise.retry.TransactionRetried;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What happened to the transfers since the application was deployed. Thread-safe. */
@ApplicationScoped
public class Counters {

    private final Map<Half, Map<Outcome, LongAdder>> told = new ConcurrentHashMap<>();
    private final Map<Half, LongAdder> retried = new ConcurrentHashMap<>();

    void told(Half half, Outcome outcome) {
        told.computeIfAbsent(half, none -> new ConcurrentHashMap<>())
                .computeIfAbsent(outcome, none -> new LongAdder())
                .increment();
    }

    void observe(@Observes TransactionRetried event) {
        for (Half half : Half.values()) {
            if (half.transaction().equals(event.name())) {
                retried.computeIfAbsent(half, none -> new LongAdder()).increment();
            }
        }
    }

    /** How many clients were told so. */
    Map<Outcome, Long> told(Half half) {
        Map<Outcome, LongAdder> counts = told.getOrDefault(half, Map.of());
        var sums = new EnumMap<Outcome, Long>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            sums.put(outcome, counts.getOrDefault(outcome, new LongAdder()).sum());
        }
        return sums;
    }

    /** How many transactions were run again. */
    long retried(Half half) {
        return retried.getOrDefault(half, new LongAdder()).sum();
    }
}

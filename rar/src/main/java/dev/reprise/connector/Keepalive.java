// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks pooled connections from time to time, so that neither a server nor a firewall ends what is idle. Thread-safe;
 * one thread asks, and none after the adapter has stopped.
 */
final class Keepalive {

    private final Duration every;
    private final Background background;
    private final Set<PhysicalHolder> pooled = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean planned = new AtomicBoolean();

    /** @param every zero: never */
    Keepalive(Duration every, Background background) {
        this.every = every;
        this.background = background;
    }

    void add(PhysicalHolder holder) {
        if (!every.isZero()) {
            pooled.add(holder);
            plan();
        }
    }

    void remove(PhysicalHolder holder) {
        pooled.remove(holder);
    }

    /** Twice as often as need be: one that has just been used is left out, and asked in time the next time. */
    private void plan() {
        if (!pooled.isEmpty() && !background.isStopped() && planned.compareAndSet(false, true)) {
            background.later(every.dividedBy(2), this::askAll);
        }
    }

    private void askAll() {
        try {
            for (PhysicalHolder each : pooled) {
                if (!background.isStopped()) {
                    each.keepAlive(every.dividedBy(2));
                }
            }
        } finally {
            planned.set(false);
            plan();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sees to it that a pool in constant use, whose sockets look well, is asked now and then whether its server still has
 * its role: servers do not tell by themselves. Thread-safe.
 */
final class RoleWatch {

    private final long interval;
    private final AtomicLong asked = new AtomicLong(System.nanoTime());

    RoleWatch(Duration interval) {
        this.interval = interval.toNanos();
    }

    /** True for one caller in each interval: he asks. */
    boolean isDue() {
        long last = asked.get();
        long now = System.nanoTime();
        return now - last > interval && asked.compareAndSet(last, now);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import java.time.Duration;

/** A point in time that nobody can move, unlike that of the wall clock. */
record Deadline(long nanoTime) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    boolean hasPassed() {
        return left().isZero();
    }

    /** A wait that does not go beyond it. */
    Duration atMost(Duration wait) {
        Duration left = left();
        return wait.compareTo(left) < 0 ? wait : left;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Where time, sleep and randomness come from; as thread-safe as what it is made of. */
record Time(LongSupplier nanos, Sleep sleep, DoubleSupplier random) {
    static final Time SYSTEM = new Time(
            System::nanoTime, Thread::sleep, () -> ThreadLocalRandom.current().nextDouble());

    /** Sleeps for some milliseconds; when interrupted before or while, throws at once. */
    interface Sleep {
        void millis(long duration) throws InterruptedException;
    }

    long millisSince(long startNanos) {
        return (nanos.getAsLong() - startNanos) / 1_000_000;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Hands out later what has arrived. To be read in blocks. */
final class DelayedInput extends FilterInputStream {

    private final Supplier<Duration> latency;

    DelayedInput(InputStream in, Supplier<Duration> latency) {
        super(in);
        this.latency = latency;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        long due = System.nanoTime() + latency.get().toNanos();
        for (long left = due - System.nanoTime(); read > 0 && left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return read;
    }
}

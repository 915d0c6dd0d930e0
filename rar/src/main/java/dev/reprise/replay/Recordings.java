// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import org.jspecify.annotations.Nullable;

/**
 * The recordings of a managed connection, of one transaction after the other: what one has been kept in, the next one is
 * kept in. As a {@link Recording}, one thread at a time.
 */
public final class Recordings {

    /** A thousand short rows fit in. */
    private static final int NUMBERS = 4_096;

    /** With less than that to keep in all, no result set takes more than its own. */
    private static final int SMALL = 524_288;

    private final int maxCalls;
    private final int maxBytes;
    private final Reused<Recording.Call> calls;
    private final Reused<Reading> readings = new Reused<>(50, () -> new Reading(this));
    private final Room room = new ForTheFirst();
    private Recording current;

    public Recordings(int maxCalls, int maxBytes) {
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
        this.calls = new Reused<>(Math.min(maxCalls, 1_000), Recording.Call::new);
        this.current = new Recording(this);
        this.current.end();
    }

    /** Of the next transaction; that of the one before has to be over. */
    public Recording begin() {
        calls.clear();
        readings.clear();
        current = new Recording(this);
        return current;
    }

    /** The transaction is over. Any thread may say so, while another one may still be in a call. */
    public void end() {
        current.end();
    }

    /** The one that was begun last. */
    public Recording current() {
        return current;
    }

    int maxCalls() {
        return maxCalls;
    }

    int maxBytes() {
        return maxBytes;
    }

    Reused<Recording.Call> calls() {
        return calls;
    }

    Reading reading() {
        return readings.add();
    }

    Room room() {
        return room;
    }

    /** The first result set of a transaction that needs more than it has of its own can have this. */
    private final class ForTheFirst implements Room {
        private long @Nullable [] numbers;

        @Override
        public long @Nullable [] take() {
            if (maxBytes < SMALL || !current.takesRoom()) {
                return null;
            }
            grows(NUMBERS * Long.BYTES);
            long[] taken = numbers;
            if (taken == null) {
                taken = new long[NUMBERS];
                numbers = taken;
            }
            return taken;
        }

        @Override
        public void grows(int bytes) {
            current.grows(bytes);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import org.jspecify.annotations.Nullable;

/**
 * The recordings of a managed connection, of one transaction after the other: what one has been kept in, the next one is
 * kept in. As a {@link Recording}, one thread at a time.
 */
public final class Recordings {

    /** A thousand short rows fit in. */
    static final int ROOM = 65_536;

    private final int maxCalls;
    private final int maxBytes;
    private final Reused<Recording.Call> calls;
    private final Reused<Reading> readings = new Reused<>(50, () -> new Reading(this));
    private Recording current;
    private Room.@Nullable Space room;

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

    boolean hasRoom() {
        return maxBytes >= 16 * ROOM;
    }

    Room.Space room() {
        Room.Space taken = room;
        if (taken == null) {
            taken = new Room.Space(ROOM / 2 / Long.BYTES, ROOM / 2 / Character.BYTES);
            room = taken;
        }
        return taken;
    }
}

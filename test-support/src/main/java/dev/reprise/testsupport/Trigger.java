// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/** A fault that waits for its request. Thread-safe. */
public sealed class Trigger permits Pause {

    private final String marker;
    private final LongPredicate sessions;
    private final FaultKind kind;
    private final AtomicInteger remaining;
    private final AtomicInteger hits = new AtomicInteger();
    private volatile long session;

    Trigger(RequestFault fault, FaultKind kind) {
        this.marker = fault.marker();
        this.sessions = fault.sessions();
        this.kind = kind;
        this.remaining = new AtomicInteger(fault.times());
    }

    final FaultKind kind() {
        return kind;
    }

    /** @param request in lower case */
    final boolean takes(String request, long session) {
        return request.contains(marker)
                && sessions.test(session)
                && remaining.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    /** @return a copy of the request that no server understands, as long as it was */
    final byte[] refused(byte[] request) {
        byte[] garbled = request.clone();
        String text = new String(request, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int at = text.indexOf(marker);
        Arrays.fill(garbled, at, at + marker.length(), (byte) '!');
        return garbled;
    }

    final void happened(long inSession) {
        session = inSession;
        hits.incrementAndGet();
    }

    /** The server's id of the session in which it has happened last; 0 before, and during the login. */
    public final long session() {
        return session;
    }

    /** How often the fault has happened; one that loses a reply happens when the reply has come. */
    public final int hits() {
        return hits.get();
    }

    /** @throws IllegalStateException if the fault has not happened in time */
    public final void awaitHit(Duration timeout) {
        if (!Await.until(timeout, () -> hits() > 0)) {
            throw new IllegalStateException(this + " was not hit within " + timeout);
        }
    }

    void disarm() {
        remaining.set(0);
    }

    @Override
    public final String toString() {
        return kind + " at \"" + marker + '"';
    }
}

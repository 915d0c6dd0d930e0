// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/** Says where and how often a fault is to happen; the methods that return a {@link Trigger} arm it. Immutable. */
public final class RequestFault {

    private final Consumer<Trigger> arm;
    private final String marker;
    private final int times;
    private final LongPredicate sessions;

    RequestFault(Consumer<Trigger> arm, String marker, int times, LongPredicate sessions) {
        if (times < 1) {
            throw new IllegalArgumentException("A fault happens at least once, not " + times + " times");
        }
        this.arm = arm;
        this.marker = marker.toLowerCase(Locale.ROOT);
        this.times = times;
        this.sessions = sessions;
    }

    /** At the next {@code count} requests that match; once by default. */
    public RequestFault times(int count) {
        return new RequestFault(arm, marker, count, sessions);
    }

    /**
     * Only in sessions whose id at the server ({@code CONNECTION_ID()}, {@code pg_backend_pid()}) is accepted; during
     * the login it may be 0.
     */
    public RequestFault inSession(LongPredicate accepted) {
        return new RequestFault(arm, marker, times, accepted);
    }

    /** See {@link FaultKind#CUT_BEFORE}. */
    public Trigger cutBefore() {
        return arm(FaultKind.CUT_BEFORE);
    }

    /** See {@link FaultKind#CUT_AFTER}. */
    public Trigger cutAfter() {
        return arm(FaultKind.CUT_AFTER);
    }

    /** See {@link FaultKind#CUT_IN_REPLY}. */
    public Trigger cutInReply() {
        return arm(FaultKind.CUT_IN_REPLY);
    }

    /** See {@link FaultKind#STALL_BEFORE}. */
    public Trigger stallBefore() {
        return arm(FaultKind.STALL_BEFORE);
    }

    /** See {@link FaultKind#LOSE_REPLY_AND_STALL}. */
    public Trigger loseReplyAndStall() {
        return arm(FaultKind.LOSE_REPLY_AND_STALL);
    }

    /** See {@link FaultKind#REFUSE}. */
    public Trigger refuse() {
        return arm(FaultKind.REFUSE);
    }

    /** See {@link FaultKind#PAUSE_BEFORE}. */
    public Pause pauseBefore() {
        return armed(new Pause(this));
    }

    Trigger arm(FaultKind kind) {
        return kind == FaultKind.PAUSE_BEFORE ? pauseBefore() : armed(new Trigger(this, kind));
    }

    private <T extends Trigger> T armed(T trigger) {
        arm.accept(trigger);
        return trigger;
    }

    String marker() {
        return marker;
    }

    int times() {
        return times;
    }

    LongPredicate sessions() {
        return sessions;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.util.ArrayList;
import java.util.List;

/**
 * A handle's part in a recording: as long as it goes on, what the handle has made in it is of use, and what is done with it
 * is recorded. Who takes part is told the end, so as not to have to ask each time. Thread-safe: any thread may end it.
 */
public final class Part {

    /** That of what is not recorded. */
    public static final Part NONE = new Part();

    static {
        NONE.end();
    }

    /** Takes part until it is told not to. */
    @FunctionalInterface
    public interface Member {

        /** Called by any thread; may not wait. */
        void partIsOver();
    }

    private final List<Member> members = new ArrayList<>(1);
    private volatile boolean over;

    Part() {}

    public boolean goesOn() {
        return !over;
    }

    /** @param member is told at once if it is over already */
    public synchronized void join(Member member) {
        if (over) {
            member.partIsOver();
        } else {
            members.add(member);
        }
    }

    public synchronized void end() {
        over = true;
        members.forEach(Member::partIsOver);
        members.clear();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

/**
 * A handle's part in a recording: as long as it goes on, what the handle has made in it is of use, and what is done with it
 * is recorded. One question in place of the three that it answers. Any thread may end it.
 */
public final class Part {

    /** That of what is not recorded. */
    public static final Part NONE = new Part();

    static {
        NONE.end();
    }

    private volatile boolean over;

    Part() {}

    public boolean goesOn() {
        return !over;
    }

    public void end() {
        over = true;
    }
}

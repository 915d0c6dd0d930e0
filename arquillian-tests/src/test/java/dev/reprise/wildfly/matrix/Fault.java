// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

/** What happens to a call. */
enum Fault {
    /** The server never sees it, both ends are reset. */
    CUT_BEFORE("cut before"),
    /** The server has run it and answered, both ends are reset instead. */
    REPLY_LOST("reply lost"),
    /** Half a message of the answer arrives, then both ends are reset. */
    RESET_IN_REPLY("reset in the reply"),
    /** It is on its way for longer than anybody waits, and reaches the server after the caller was told. */
    STALLED("stalled, delivered late"),
    /** The server has run it and answered, and the answer never comes. */
    REPLY_STALLED("reply stalled"),
    /** An administrator ends the session before it arrives. */
    SESSION_KILLED("session killed"),
    /** The server is killed before it arrives, and started again. */
    SERVER_KILLED("server killed before"),
    /** The server has run it, is killed before the answer arrives, and started again. */
    SERVER_KILLED_AFTER("server killed after"),
    /** The server refuses to write from just before it arrives until the caller was told. */
    READ_ONLY("became read-only"),
    /** It waits inside the server, where an administrator cancels it. */
    CANCELLED("cancelled inside"),
    /** It waits inside the server, where an administrator ends its session. */
    KILLED_INSIDE("session killed inside");

    private final String title;

    Fault(String title) {
        this.title = title;
    }

    boolean stopsServer() {
        return this == SERVER_KILLED || this == SERVER_KILLED_AFTER;
    }

    /** Whether the call has to wait inside the server for it. */
    boolean isInside() {
        return this == CANCELLED || this == KILLED_INSIDE;
    }

    @Override
    public String toString() {
        return title;
    }
}

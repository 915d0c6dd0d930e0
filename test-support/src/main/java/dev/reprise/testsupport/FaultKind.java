// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

/** What happens at a request. */
public enum FaultKind {
    /** Neither the request nor anything later reaches the server; both sides are reset. */
    CUT_BEFORE,
    /** The server runs the request and answers; the answer is thrown away, and both sides are reset. */
    CUT_AFTER,
    /** The server runs the request and begins to answer; both sides are reset in the middle of the first message. */
    CUT_IN_REPLY,
    /** Neither the request nor anything later reaches the server; the client waits, with the connection open. */
    STALL_BEFORE,
    /** The server runs the request and answers; the answer is thrown away, and the client waits for it. */
    LOSE_REPLY_AND_STALL,
    /** The server gets nonsense in place of the text, refuses it, and goes on: as with a cancel that meets this request. */
    REFUSE,
    /** The request is held back until it is released, and goes on its way then. */
    PAUSE_BEFORE
}

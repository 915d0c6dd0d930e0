// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

/** What a session's socket shows without asking the server. */
public enum Liveness {
    /** The server has neither said nor ended anything; a link that swallows everything looks the same. */
    ALIVE,
    /** The server has closed it, or the link is broken. */
    DEAD,
    /** The server has said something unasked: a farewell, or news. */
    ASK,
    /** The socket is not ours. */
    UNSEEN
}

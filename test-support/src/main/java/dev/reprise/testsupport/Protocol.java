// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.DataInputStream;
import java.io.IOException;

/**
 * Cuts the two streams of one connection into messages. A <em>unit</em> is what the server answers as a whole; units
 * count from 1. One thread reads requests, another one replies.
 */
@SuppressWarnings("ArrayRecordComponent") // messages are passed on, and never compared
interface Protocol {

    /**
     * @param endsUnit whether the server answers when it has this message
     * @param text where markers are looked for: its bytes, and what they stand for
     */
    record Request(byte[] bytes, boolean endsUnit, byte[] text) {
        Request(byte[] bytes, boolean endsUnit) {
            this(bytes, endsUnit, bytes);
        }
    }

    /**
     * @param unit which it belongs to; 0 during the login
     * @param done whether the unit has been answered completely
     */
    record Reply(byte[] bytes, long unit, boolean done) {}

    /** @throws java.io.EOFException if the client has closed its side */
    Request readRequest(DataInputStream in) throws IOException;

    /** @throws java.io.EOFException if the server has closed its side */
    Reply readReply(DataInputStream in) throws IOException;

    /** The server's id of this session; 0 while it is not known. */
    long session();
}

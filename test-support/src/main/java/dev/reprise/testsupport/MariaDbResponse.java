// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

/**
 * Finds the last packet of the response to a query: an OK, an error or the end of a result set, without the flag that
 * another result follows.
 */
final class MariaDbResponse {

    private static final int OK = 0x00;
    private static final int ERROR = 0xff;
    private static final int END = 0xfe;
    private static final int OLD_END_LENGTH = 5;
    private static final int MORE_RESULTS = 0x0008;

    private boolean inResultSet;
    private boolean columnsRead;

    void begin() {
        inResultSet = false;
        columnsRead = false;
    }

    /** @param start of the packet's content */
    boolean isComplete(byte[] packet, int start) {
        int kind = packet.length > start ? packet[start] & 0xff : OK;
        if (kind == ERROR) {
            return true;
        }
        if (!inResultSet) {
            inResultSet = kind != OK;
            return kind == OK && !more(packet, afterInteger(packet, afterInteger(packet, start + 1)));
        }
        return kind == END && packet.length - start < 0xffffff && endsResultSet(packet, start);
    }

    /** Older clients get two short ends: one after the columns, one after the rows. */
    private boolean endsResultSet(byte[] packet, int start) {
        if (packet.length - start == OLD_END_LENGTH && !columnsRead) {
            columnsRead = true;
            return false;
        }
        boolean more = more(packet, start + 3);
        begin();
        return !more;
    }

    private static boolean more(byte[] packet, int status) {
        return status < packet.length && (packet[status] & MORE_RESULTS) != 0;
    }

    /** Integers take one byte up to 250; 252, 253 and 254 announce two, three and eight. */
    private static int afterInteger(byte[] packet, int position) {
        int first = position < packet.length ? packet[position] & 0xff : 0;
        return position
                + switch (first) {
                    case 252 -> 3;
                    case 253 -> 4;
                    case 254 -> 9;
                    default -> 1;
                };
    }
}

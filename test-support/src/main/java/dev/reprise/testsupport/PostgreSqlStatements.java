// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The statements that a session has named: later it sends the name and not the text. */
final class PostgreSqlStatements {

    private static final int BODY = 1 + Integer.BYTES;

    private final Map<String, String> texts = new HashMap<>();

    /** The text of the statement that this message names, with a zero at its end; empty if it brings its own or has none. */
    byte[] meant(byte[] message) {
        String text = "";
        switch (message[0]) {
            case 'P' -> {
                String name = string(message, BODY);
                texts.put(name, string(message, BODY + name.length() + 1));
            }
            case 'B' -> {
                String portal = string(message, BODY);
                text = texts.getOrDefault(string(message, BODY + portal.length() + 1), "");
            }
            case 'C' -> {
                if (message[BODY] == 'S') {
                    texts.remove(string(message, BODY + 1));
                }
            }
            default -> {}
        }
        return (text.isEmpty() ? "" : text + '\0').getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One byte is one character, as where markers are looked for. */
    private static String string(byte[] message, int start) {
        int end = start;
        while (end < message.length && message[end] != 0) {
            end++;
        }
        return new String(message, start, Math.max(0, end - start), StandardCharsets.ISO_8859_1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;
import java.util.List;

/**
 * Whether, and within which limits, a lost transaction is run again by the adapter.
 *
 * @param timeout how long it may take until the database is there again and all was run again
 */
record Replaying(boolean on, int maxCalls, int maxBytes, Duration timeout) {

    static Replaying of(WrittenProperties properties) {
        return new Replaying(
                properties.oneOf("replay", List.of("on", "off")).equals("on"),
                properties.count("replayMaxCalls", 10_000, "calls"),
                properties.count("replayMaxBytes", 1_048_576, "bytes"),
                properties.millis("replayTimeoutMillis", 30_000));
    }
}

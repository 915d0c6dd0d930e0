// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** By the name of a transaction; the oldest are forgotten when there are too many. Thread-safe. */
final class Remembered<V> {

    private static final int MOST = 10_000;

    private final Map<String, V> values = new LinkedHashMap<>();

    synchronized void put(String transaction, V value) {
        values.put(transaction, value);
        if (values.size() > MOST) {
            values.remove(values.keySet().iterator().next());
        }
    }

    synchronized void remove(String transaction) {
        values.remove(transaction);
    }

    synchronized Optional<V> get(String transaction) {
        return Optional.ofNullable(values.get(transaction));
    }
}

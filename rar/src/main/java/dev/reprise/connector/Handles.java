// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.jdbc.ConnectionHandle;
import dev.reprise.jdbc.HandleOwner;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The handles that applications hold of one managed connection. Thread-safe. */
final class Handles {

    private final Set<ConnectionHandle> open = ConcurrentHashMap.newKeySet();

    void add(ConnectionHandle handle) {
        open.add(handle);
    }

    void remove(ConnectionHandle handle) {
        open.remove(handle);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** They go on with another physical connection. */
    void associate(HandleOwner owner) {
        open.forEach(handle -> handle.associate(owner));
    }

    /**
     * From now on every call on them, and on what was made by them, fails; also in other threads.
     *
     * @return those that the application had not closed
     */
    List<ConnectionHandle> invalidate(HandleOwner owner) {
        List<ConnectionHandle> left =
                open.stream().filter(handle -> handle.invalidate(owner)).toList();
        open.clear();
        return left;
    }
}

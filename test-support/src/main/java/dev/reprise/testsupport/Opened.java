// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has been opened so far; closed in the opposite order, and all of it, whatever fails on the way. */
public final class Opened implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** @return the same */
    public <T extends AutoCloseable> T keep(T resource) {
        resources.push(resource);
        return resource;
    }

    /** @throws IllegalStateException with all that failed */
    @Override
    public void close() {
        var failure = new IllegalStateException("Not everything could be ended");
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) { // close() may throw anything
                failure.addSuppressed(e);
            }
        }
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** Waits until a channel can be read, written or connected. An interrupt neither ends the wait nor is forgotten. */
final class Readiness {

    private final Selector selector;

    Readiness(SocketChannel channel, int operation) throws IOException {
        selector = channel.provider().openSelector();
        channel.register(selector, operation);
    }

    /** @param timeoutMillis zero: for any time */
    void await(int timeoutMillis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        boolean interrupted = false;
        try {
            while (selector.select(left(timeoutMillis, end)) == 0) {
                interrupted |= Thread.interrupted();
            }
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException e) {
            throw (SocketException) new SocketException("Socket closed").initCause(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long left(int timeoutMillis, long end) throws SocketTimeoutException {
        if (timeoutMillis == 0) {
            return 0;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("Timed out after " + timeoutMillis + " ms");
        }
        return TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    /** Ends all waiting. */
    void close() throws IOException {
        selector.close();
    }
}

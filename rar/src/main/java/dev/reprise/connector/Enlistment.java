// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.spi.ConnectionManager;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the connections of a factory have to be part of their threads' JTA transactions: unless the container was told to
 * run none on them. The specification has no word for that; but such a container never asks for the means to. Thread-safe.
 */
final class Enlistment {

    private final BooleanSupplier inTransaction;
    private final Supplier<Optional<String>> noReplay;
    private volatile @Nullable ConnectionManager manager;
    private volatile boolean expected;

    /**
     * @param inTransaction whether the calling thread has a JTA transaction, in any status
     * @param noReplay why that one must not be run again; empty if it may be
     */
    Enlistment(BooleanSupplier inTransaction, Supplier<Optional<String>> noReplay) {
        this.inTransaction = inTransaction;
        this.noReplay = noReplay;
    }

    /** The one that hands the connections out. */
    void managedBy(ConnectionManager newManager) {
        manager = newManager;
        if (ContainerTransactions.runsTransactions(newManager)) {
            expect();
        }
    }

    /** The container has asked one of the connections for its XAResource or LocalTransaction. */
    void expect() {
        if (!expected) {
            expected = true;
        }
    }

    /** Whether a connection without a branch has missed the calling thread's transaction. */
    boolean isMissing() {
        return expected && inTransaction.getAsBoolean();
    }

    /** What is left of the calling thread's transaction; empty if it has no timeout, or the container does not tell. */
    Optional<Duration> timeLeft() {
        ConnectionManager current = manager;
        return current == null ? Optional.empty() : ContainerTransactions.timeLeft(current);
    }

    /** Why the calling thread's transaction must not be run again; empty if it may be. */
    Optional<String> noReplay() {
        return noReplay.get();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.jdbc.ConnectionHandle;
import dev.reprise.jdbc.JoinedTransactions;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the connections of a factory have to be part of their threads' JTA transactions: unless the container was told to
 * run none on them. The specification has no word for that; but such a container never asks for the means to. Thread-safe.
 */
final class Enlistment {

    private final Supplier<@Nullable Object> transaction;
    private final Supplier<Optional<String>> noReplay;
    private volatile @Nullable ConnectionManager manager;
    private volatile @Nullable RepriseDataSource dataSource;
    private volatile boolean expected;

    /**
     * @param transaction names the calling thread's JTA transaction, in any status; null if it has none
     * @param noReplay why that one must not be run again; empty if it may be
     */
    Enlistment(Supplier<@Nullable Object> transaction, Supplier<Optional<String>> noReplay) {
        this.transaction = transaction;
        this.noReplay = noReplay;
    }

    /** The one that hands the connections out. */
    void managedBy(ConnectionManager newManager, RepriseDataSource newDataSource) {
        manager = newManager;
        dataSource = newDataSource;
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
        return expected && transaction.get() != null;
    }

    /** For a handle that was asked for in this way. */
    JoinedTransactions joined(@Nullable ConnectionRequestInfo request) {
        return new JoinedTransactions() {
            @Override
            public @Nullable Object current() {
                return transaction.get();
            }

            @Override
            public ConnectionHandle connect() throws SQLException {
                RepriseDataSource current = dataSource;
                if (current != null && current.allocate(request) instanceof ConnectionHandle handle) {
                    return handle;
                }
                throw new SQLException("The container has no connection for it", "25000");
            }
        };
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

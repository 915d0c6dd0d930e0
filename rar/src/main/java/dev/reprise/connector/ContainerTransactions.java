// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.spi.ConnectionManager;
import jakarta.transaction.RollbackException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.jca.core.spi.transaction.TransactionTimeoutConfiguration;

/** What a container says of its transactions beyond the Connectors specification: that of WildFly does, others nothing. */
final class ContainerTransactions {

    private static final boolean PRESENT = isPresent();

    private ContainerTransactions() {}

    private static boolean isPresent() {
        try {
            Class.forName(
                    "org.jboss.jca.core.spi.transaction.TransactionTimeoutConfiguration",
                    false,
                    ContainerTransactions.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Whether connections become part of transactions; false also if that is not known. */
    static boolean runsTransactions(ConnectionManager manager) {
        return PRESENT && ForIronJacamar.runsTransactions(manager);
    }

    /** What is left of the calling thread's transaction. */
    static Optional<Duration> timeLeft(ConnectionManager manager) {
        return runsTransactions(manager) ? ForIronJacamar.timeLeft(manager) : Optional.empty();
    }

    /** Loaded only where its classes are. */
    private static final class ForIronJacamar {

        /** Only its connection managers with transactions implement it. */
        static boolean runsTransactions(ConnectionManager manager) {
            return manager instanceof TransactionTimeoutConfiguration;
        }

        static Optional<Duration> timeLeft(ConnectionManager manager) {
            try {
                long millis = ((TransactionTimeoutConfiguration) manager).getTimeLeftBeforeTransactionTimeout(false);
                return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
            } catch (RollbackException e) {
                return Optional.of(Duration.ZERO);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransactionException;

/**
 * A local commit whose outcome is unknown. The Connectors specification has no way to say so: a container takes a failed
 * commit for rolled back. IronJacamar has one, its LocalResourceException, and reports a heuristic outcome.
 */
final class UnknownOutcome {

    private static final boolean CAN_BE_TOLD = canBeTold();

    private UnknownOutcome() {}

    private static boolean canBeTold() {
        try {
            Class.forName(
                    "org.jboss.jca.core.spi.transaction.local.LocalResourceException",
                    false,
                    UnknownOutcome.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static ResourceException of(String what, Throwable cause) {
        if (CAN_BE_TOLD) {
            return ForIronJacamar.exception(what, cause);
        }
        LOG.unknownCannotBeTold(cause);
        return new LocalTransactionException(what, cause);
    }

    /** Loaded only where its class is. */
    private static final class ForIronJacamar {
        static ResourceException exception(String what, Throwable cause) {
            return new org.jboss.jca.core.spi.transaction.local.LocalResourceException(what, cause);
        }
    }
}

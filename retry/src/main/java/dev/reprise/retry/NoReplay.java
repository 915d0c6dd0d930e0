// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * An application's word that its transaction is not to be run again by the adapter ({@code replay=on}) if its connection is
 * lost: it knows something that the adapter cannot compare, such as what it has read elsewhere, or an effect that must not
 * come twice, such as that of a trigger. The transaction is rolled back then, and can be retried. Without effect on other
 * data sources.
 */
public final class NoReplay {
    /** In the resources of the transaction; its value is the reason, as text. */
    static final String RESOURCE = "dev.reprise.no-replay";

    private static final String REGISTRY = "java:comp/TransactionSynchronizationRegistry";

    private NoReplay() {}

    /**
     * Holds until the calling thread's transaction ends; the last reason is the one that is told.
     *
     * @param reason for the log, and for the exception that the application gets
     * @throws IllegalStateException if there is no transaction, or no transaction manager
     */
    @SuppressWarnings("BanJNDI") // a constant name (Jakarta EE platform, 5.11)
    public static void because(String reason) {
        try {
            TransactionSynchronizationRegistry registry = InitialContext.doLookup(REGISTRY);
            registry.putResource(RESOURCE, reason);
        } catch (NamingException e) {
            throw new IllegalStateException(REGISTRY + " is not there", e);
        }
    }
}

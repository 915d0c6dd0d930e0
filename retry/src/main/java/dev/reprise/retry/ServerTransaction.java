// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.UserTransaction;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Finds the server's UserTransaction. */
final class ServerTransaction {
    /**
     * The portable name is refused inside a stateless bean with container-managed transactions (Enterprise Beans, core
     * features, 8.3.3), where WildFly offers one of its own.
     */
    private static final List<String> NAMES = List.of("java:jboss/UserTransaction", "java:comp/UserTransaction");

    private ServerTransaction() {}

    /** @throws IllegalStateException if there is none */
    @SuppressWarnings("BanJNDI") // two constant names of the server's own namespace
    static UserTransaction lookUp() {
        IllegalStateException none = new IllegalStateException(
                "No UserTransaction under any of the names " + NAMES + ": @RetryTransaction needs a Jakarta EE server");
        for (String name : NAMES) {
            try {
                if (InitialContext.doLookup(name) instanceof UserTransaction found) {
                    return found;
                }
            } catch (NamingException absent) {
                none.addSuppressed(absent);
            }
        }
        throw none;
    }
}

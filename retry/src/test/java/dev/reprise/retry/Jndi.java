// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.NamingManager;

/** The server's naming: what a test has bound, and nothing else. */
final class Jndi {
    static final Map<String, Object> BOUND = new ConcurrentHashMap<>();

    static {
        try {
            NamingManager.setInitialContextFactoryBuilder(environment -> properties -> new InitialContext(true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    Object found = BOUND.get(name);
                    if (found == null) {
                        throw new NameNotFoundException(name);
                    }
                    return found;
                }
            });
        } catch (NamingException failed) {
            throw new ExceptionInInitializerError(failed);
        }
    }

    private Jndi() {}

    /** As in WildFly. */
    static void bindTransactionManager() {
        BOUND.put("java:jboss/TransactionManager", Narayana.MANAGER);
    }
}

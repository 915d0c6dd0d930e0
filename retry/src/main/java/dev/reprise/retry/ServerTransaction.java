// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import java.util.List;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * The server's transaction manager as a UserTransaction. The one at {@code java:comp/UserTransaction} is refused within
 * enterprise beans whose transactions are the container's (Enterprise Beans, core features, 8.3.3), and in WildFly also
 * in whatever they call (WFLYEJB0137).
 */
record ServerTransaction(TransactionManager manager) implements UserTransaction {
    private static final List<String> NAMES = List.of(
            "java:jboss/TransactionManager", // WildFly, JBoss EAP
            "java:appserver/TransactionManager", // GlassFish, Payara
            "java:comp/TransactionManager", // TomEE
            "java:comp/UserTransaction"); // elsewhere, and there not for enterprise beans

    /** @throws IllegalStateException if there is none */
    static UserTransaction lookUp() {
        IllegalStateException none = new IllegalStateException(
                "No transaction manager under any of the names " + NAMES + ": @RetryTransaction cannot begin one");
        return NAMES.stream()
                .flatMap(name -> lookUp(name, none).stream())
                .findFirst()
                .orElseThrow(() -> none);
    }

    @SuppressWarnings("BanJNDI") // constant names of the server's own namespace
    private static Optional<UserTransaction> lookUp(String name, IllegalStateException none) {
        try {
            Object found = InitialContext.doLookup(name);
            if (found instanceof TransactionManager manager) {
                return Optional.of(new ServerTransaction(manager));
            }
            return found instanceof UserTransaction transaction ? Optional.of(transaction) : Optional.empty();
        } catch (NamingException absent) {
            none.addSuppressed(absent);
            return Optional.empty();
        }
    }

    @Override
    public void begin() throws NotSupportedException, SystemException {
        manager.begin();
    }

    @Override
    public void commit()
            throws RollbackException, HeuristicMixedException, HeuristicRollbackException, SystemException {
        manager.commit();
    }

    @Override
    public void rollback() throws SystemException {
        manager.rollback();
    }

    @Override
    public void setRollbackOnly() throws SystemException {
        manager.setRollbackOnly();
    }

    @Override
    public int getStatus() throws SystemException {
        return manager.getStatus();
    }

    @Override
    public void setTransactionTimeout(int seconds) throws SystemException {
        manager.setTransactionTimeout(seconds);
    }
}

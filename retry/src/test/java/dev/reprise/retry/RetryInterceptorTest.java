// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Stereotype;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InterceptorBinding;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.Status;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The interceptor in a real CDI container with the real transaction manager. */
class RetryInterceptorTest {
    private static final List<Object> SEEN = new ArrayList<>();

    private final SeContainer container = SeContainerInitializer.newInstance()
            .disableDiscovery()
            .addExtensions(new RetryExtension())
            .addBeanClasses(RetryInterceptor.class, Bank.class, Listener.class, Doubling.class, ByStereotype.class)
            .initialize();
    private final Bank bank = container.select(Bank.class).get();

    @BeforeEach
    void startServer() {
        Jndi.bindTransactionManager();
        SEEN.clear();
    }

    @AfterEach
    void stopServer() throws Exception {
        assertThat(Narayana.MANAGER.getStatus()).isEqualTo(Status.STATUS_NO_TRANSACTION);
        container.close();
        Jndi.BOUND.clear();
    }

    @Test
    void runsTheMethodAgainInANewTransactionAndTellsTheApplication() throws Exception {
        assertThat(bank.transfer(1)).isEqualTo("done");

        assertThat(SEEN).containsExactly("attempt in 0", "Bank.transfer retry 1 of 2 after 1 ms in 6", "attempt in 0");
    }

    @Test
    void thePolicyOfTheMethodBeatsThatOfTheClass() {
        assertThat(catchThrowable(() -> bank.transfer(9))).isInstanceOf(SQLException.class);
        assertThat(SEEN).filteredOn("attempt in 0"::equals).hasSize(3);
        SEEN.clear();

        assertThat(catchThrowable(bank::inherits)).isInstanceOf(IllegalStateException.class);
        assertThat(SEEN).filteredOn("attempt in 0"::equals).hasSize(2);
    }

    @Test
    void theCallersTransactionIsJoined() throws Exception {
        Narayana.MANAGER.begin();

        assertThat(catchThrowable(() -> bank.transfer(1))).isInstanceOf(SQLException.class);

        assertThat(SEEN).containsExactly("attempt in 0");
        Narayana.MANAGER.rollback();
    }

    @Test
    void eachAttemptBeginsWithTheCallersParameters() throws Exception {
        assertThat(bank.deposit(5)).isEqualTo(10);
    }

    @Test
    void aPolicyThatCannotBeFoundIsNotGuessed() {
        ByStereotype bean = container.select(ByStereotype.class).get();

        assertThat(catchThrowable(bean::transfer))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("@RetryTransaction came to ByStereotype.transfer by a stereotype or an extension;"
                        + " write it on the class or the method itself");
    }

    @ApplicationScoped
    @RetryTransaction(maxRetries = 1, delayMillis = 1, jitterPercent = 0)
    static class Bank {
        private int attempts;

        @RetryTransaction(maxRetries = 2, delayMillis = 1, multiplier = 1, jitterPercent = 0)
        public String transfer(int failures) throws Exception {
            SEEN.add("attempt in " + Narayana.MANAGER.getStatus());
            if (attempts++ < failures) {
                throw new SQLException("lost", "08000");
            }
            return "done";
        }

        public void inherits() throws Exception {
            SEEN.add("attempt in " + Narayana.MANAGER.getStatus());
            throw new IllegalStateException(new SQLException("deadlock", "40001", 1213));
        }

        @Doubled
        public int deposit(int amount) throws SQLException {
            if (attempts++ == 0) {
                throw new SQLException("lost", "08000");
            }
            return amount;
        }
    }

    @ApplicationScoped
    static class Listener {
        void retried(@Observes TransactionRetried event) throws Exception {
            SEEN.add(event.name() + " retry " + event.retry() + " of " + event.maxRetries() + " after "
                    + event.delayMillis() + " ms in " + Narayana.MANAGER.getStatus());
        }
    }

    @InterceptorBinding
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface Doubled {}

    /** An interceptor inside of ours that replaces a parameter. */
    @Doubled
    @Interceptor
    @Priority(Interceptor.Priority.APPLICATION)
    static class Doubling {
        @AroundInvoke
        @Nullable Object twice(InvocationContext context) throws Exception {
            Object[] parameters = context.getParameters();
            parameters[0] = 2 * (Integer) parameters[0];
            context.setParameters(parameters);
            return context.proceed();
        }
    }

    @Stereotype
    @RetryTransaction
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Money {}

    @Money
    @ApplicationScoped
    static class ByStereotype {
        public void transfer() {}
    }
}

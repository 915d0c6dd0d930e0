// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import javax.naming.NameNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTransactionTest {
    @AfterEach
    void unbind() {
        Jndi.BOUND.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java:jboss/TransactionManager",
                "java:appserver/TransactionManager",
                "java:comp/TransactionManager"
            })
    void usesTheServersTransactionManager(String name) throws Exception {
        Jndi.BOUND.put(name, Narayana.MANAGER);

        UserTransaction found = ServerTransaction.lookUp();

        found.begin();
        assertThat(Narayana.MANAGER.getStatus()).isEqualTo(Status.STATUS_ACTIVE);
        found.rollback();
    }

    @Test
    void usesTheUserTransactionWhereThereIsNothingElse() {
        UserTransaction transaction = Narayana.transaction();
        Jndi.BOUND.put("java:comp/UserTransaction", transaction);

        assertThat(ServerTransaction.lookUp()).isSameAs(transaction);
    }

    @Test
    void saysWhereItLooked() {
        Jndi.BOUND.put("java:comp/UserTransaction", "something else");

        assertThatThrownBy(() -> RetryingTransaction.with(RetryPolicy.DEFAULT).call("Bank.transfer", () -> null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("No transaction manager under any of the names [java:jboss/TransactionManager,"
                        + " java:appserver/TransactionManager, java:comp/TransactionManager,"
                        + " java:comp/UserTransaction]: @RetryTransaction cannot begin one")
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .hasSize(3)
                        .allMatch(suppressed -> suppressed instanceof NameNotFoundException));
    }
}

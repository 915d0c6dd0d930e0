// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary bean with JPA that knows nothing of the retry: the container begins and ends its transactions (REQUIRED).
 * It is run again all the same, because {@code WEB-INF/jboss-ejb3.xml} says so.
 */
@Stateless
@SuppressWarnings("NullAway.Init") // the container injects
public class Teller {

    @PersistenceContext
    private EntityManager entityManager;

    /** @return the new balance; amount and balance are in cents */
    public long deposit(int id, long amount) {
        @Nullable Account account = entityManager.find(Account.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (account == null) {
            throw new RefusedException("account " + id + " does not exist");
        }
        account.deposit(amount);
        return account.balance();
    }
}

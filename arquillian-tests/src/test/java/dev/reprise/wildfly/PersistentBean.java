// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import org.jspecify.annotations.Nullable;

/** The container's transaction, and JPA. */
@Stateless
@SuppressWarnings("NullAway.Init") // the container injects
public class PersistentBean {

    @PersistenceContext
    private EntityManager entityManager;

    public void store(int id) {
        entityManager.persist(new StoredRow(id));
    }

    public void store(int id, RuntimeException failure) {
        store(id);
        entityManager.flush();
        throw failure;
    }

    public @Nullable StoredRow find(int id) {
        return entityManager.find(StoredRow.class, id);
    }
}

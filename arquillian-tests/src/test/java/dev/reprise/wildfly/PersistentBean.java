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

    @PersistenceContext(unitName = "reprise")
    private EntityManager mariaDb;

    @PersistenceContext(unitName = "postgresql")
    private EntityManager postgreSql;

    public void store(Link link, int id) {
        entities(link).persist(new StoredRow(id));
    }

    public void store(Link link, int id, RuntimeException failure) {
        store(link, id);
        entities(link).flush();
        throw failure;
    }

    public @Nullable StoredRow find(Link link, int id) {
        return entities(link).find(StoredRow.class, id);
    }

    private EntityManager entities(Link link) {
        return link.dialect() == Dialect.MARIADB ? mariaDb : postgreSql;
    }
}

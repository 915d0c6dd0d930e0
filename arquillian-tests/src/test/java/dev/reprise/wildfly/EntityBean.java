// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** The container's transaction, or that of the caller, and its entity manager. */
@Stateless
@SuppressWarnings("NullAway.Init") // the container injects
public class EntityBean {

    /** What a test has the bean run. */
    @FunctionalInterface
    public interface EntityWork {
        void run(EntityManager entities) throws Exception;
    }

    @PersistenceContext(unitName = "reprise")
    private EntityManager mariaDb;

    @PersistenceContext(unitName = "postgresql")
    private EntityManager postgreSql;

    public void call(Link link, EntityWork work) throws Exception {
        work.run(entities(link));
    }

    EntityManager entities(Link link) {
        return link.dialect() == Dialect.MARIADB ? mariaDb : postgreSql;
    }
}

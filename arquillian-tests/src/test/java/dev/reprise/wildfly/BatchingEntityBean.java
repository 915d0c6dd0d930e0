// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.Stateless;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** As {@link EntityBean}, and a flush is sent in batches. */
@Stateless
@SuppressWarnings("NullAway.Init") // the container injects
public class BatchingEntityBean extends EntityBean {

    @PersistenceContext(unitName = "reprise-batching")
    private EntityManager mariaDb;

    @PersistenceContext(unitName = "postgresql-batching")
    private EntityManager postgreSql;

    @Override
    EntityManager entities(Link link) {
        return link.dialect() == Dialect.MARIADB ? mariaDb : postgreSql;
    }
}

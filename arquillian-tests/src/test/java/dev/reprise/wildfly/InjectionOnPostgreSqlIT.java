// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.annotation.Resource;
import javax.sql.DataSource;

@SuppressWarnings("NullAway.Init") // the container injects
class InjectionOnPostgreSqlIT extends InjectionIT {

    @Resource(lookup = "java:/jdbc/Postgresql")
    private DataSource injected;

    @Override
    Link link() {
        return Link.POSTGRESQL;
    }

    @Override
    Link second() {
        return Link.POSTGRESQL_SECOND;
    }

    @Override
    Link peer() {
        return Link.WILDFLY_POSTGRESQL;
    }

    @Override
    DataSource dataSource() {
        return injected;
    }
}

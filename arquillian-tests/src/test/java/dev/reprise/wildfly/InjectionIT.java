// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class InjectionIT {

    @Resource(lookup = "java:/jdbc/Reprise")
    private DataSource dataSource;

    @EJB
    private RequiredBean required;

    @Deployment
    static WebArchive application() {
        return Application.with(InjectionIT.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @Test
    void injectedDataSourceCommits() throws Exception {
        required.call(() -> Rows.insert(dataSource, 1));
        assertThat(Rows.isStored(1)).isTrue();
    }
}

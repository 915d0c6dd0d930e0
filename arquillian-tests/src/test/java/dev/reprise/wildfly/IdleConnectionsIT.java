// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections that die in the pool: the application does not notice, and needs no retry. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class IdleConnectionsIT {

    private static final int POOLED = 3;

    @EJB
    private RequiredBean required;

    @Deployment
    static WebArchive application() {
        return Application.with(IdleConnectionsIT.class, Pool.class, Sessions.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.REPRISE;
    }

    private Pool pool() {
        return new Pool(link());
    }

    /** So that the server ends an idle session after a second. */
    String shortIdleTimeout() {
        return "set session wait_timeout = 1";
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
        pool().flush();
    }

    @Test
    void killedByAnAdministrator() throws Exception {
        goOnAfter(pooled -> {
            for (long session : pooled) {
                Sessions.kill(link(), session);
            }
        });
    }

    @Test
    void endedByIdleTimeout() throws Exception {
        goOnAfter(pooled -> {
            setIdleTimeout();
            pooled.forEach(session -> Sessions.awaitEnd(link(), session));
        });
    }

    private void setIdleTimeout() throws SQLException {
        try (Connection one = link().dataSource().getConnection();
                Connection two = link().dataSource().getConnection();
                Connection three = link().dataSource().getConnection()) {
            for (Connection connection : List.of(one, two, three)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(shortIdleTimeout());
                }
            }
        }
    }

    @Test
    void databaseRestarted() throws Exception {
        goOnAfter(pooled -> link().faults().restartDatabase());
    }

    @Test
    void databaseCrashed() throws Exception {
        goOnAfter(pooled -> {
            link().faults().killDatabase();
            link().faults().startDatabase();
        });
    }

    @Test
    void linksReset() throws Exception {
        goOnAfter(pooled -> link().faults().resetAll());
    }

    @Test
    void linksClosed() throws Exception {
        goOnAfter(pooled -> link().faults().cutAll());
    }

    @Test
    void oneOfSeveralKilledLeavesTheOthers() throws Exception {
        List<Long> pooled = pool().use(POOLED);
        int destroyed = pool().destroyed();
        Sessions.kill(link(), pooled.get(1));
        assertThat(pool().use(POOLED)).contains(pooled.get(0), pooled.get(2)).doesNotContain(pooled.get(1));
        assertThat(pool().destroyed() - destroyed).isEqualTo(1);
    }

    @FunctionalInterface
    private interface Death {
        void of(List<Long> pooled) throws Exception;
    }

    /** The plain bean fails if the connection does; all are used at once as well, so that each pooled one is asked for. */
    private void goOnAfter(Death death) throws Exception {
        List<Long> pooled = pool().use(POOLED);
        int destroyed = pool().destroyed();
        death.of(pooled);
        required.call(() -> Rows.insert(link().dataSource(), 1));
        assertThat(pool().use(POOLED)).hasSize(POOLED);
        required.call(() -> Rows.insert(link().dataSource(), 2));
        assertThat(Rows.stored()).isEqualTo(2);
        assertThat(pool().destroyed() - destroyed).isEqualTo(POOLED);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
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

    @Resource(lookup = "java:/jdbc/Reprise")
    private DataSource dataSource;

    @EJB
    private RequiredBean required;

    @Deployment
    static WebArchive application() {
        return Application.with(IdleConnectionsIT.class, Pool.class, Sessions.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
        Pool.flush();
    }

    @Test
    void killedByAnAdministrator() throws Exception {
        goOnAfter(pooled -> {
            for (long session : pooled) {
                Sessions.kill(session);
            }
        });
    }

    @Test
    void endedByWaitTimeout() throws Exception {
        goOnAfter(pooled -> {
            setWaitTimeout();
            pooled.forEach(Sessions::awaitEnd);
        });
    }

    private void setWaitTimeout() throws SQLException {
        try (Connection one = dataSource.getConnection();
                Connection two = dataSource.getConnection();
                Connection three = dataSource.getConnection()) {
            for (Connection connection : List.of(one, two, three)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set session wait_timeout = 1");
                }
            }
        }
    }

    @Test
    void databaseRestarted() throws Exception {
        goOnAfter(pooled -> Link.REPRISE.faults().restartDatabase());
    }

    @Test
    void databaseCrashed() throws Exception {
        goOnAfter(pooled -> {
            Link.REPRISE.faults().killDatabase();
            Link.REPRISE.faults().startDatabase();
        });
    }

    @Test
    void linksReset() throws Exception {
        goOnAfter(pooled -> Link.REPRISE.faults().resetAll());
    }

    @Test
    void linksClosed() throws Exception {
        goOnAfter(pooled -> Link.REPRISE.faults().cutAll());
    }

    @Test
    void oneOfSeveralKilledLeavesTheOthers() throws Exception {
        List<Long> pooled = Pool.use(POOLED);
        int destroyed = Pool.destroyed();
        Sessions.kill(pooled.get(1));
        assertThat(Pool.use(POOLED)).contains(pooled.get(0), pooled.get(2)).doesNotContain(pooled.get(1));
        assertThat(Pool.destroyed() - destroyed).isEqualTo(1);
    }

    @FunctionalInterface
    private interface Death {
        void of(List<Long> pooled) throws Exception;
    }

    /** The plain bean fails if the connection does; all are used at once as well, so that each pooled one is asked for. */
    private void goOnAfter(Death death) throws Exception {
        List<Long> pooled = Pool.use(POOLED);
        int destroyed = Pool.destroyed();
        death.of(pooled);
        required.call(() -> Rows.insert(dataSource, 1));
        assertThat(Pool.use(POOLED)).hasSize(POOLED);
        required.call(() -> Rows.insert(dataSource, 2));
        assertThat(Rows.stored()).isEqualTo(2);
        assertThat(Pool.destroyed() - destroyed).isEqualTo(POOLED);
    }
}

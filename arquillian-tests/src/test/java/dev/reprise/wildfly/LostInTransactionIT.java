// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The session is killed in mid-transaction: never a normal return without the rows, and one of each if it is retried. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class LostInTransactionIT {

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.with(LostInTransactionIT.class, Told.class, Pool.class, Sessions.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.REPRISE;
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @Test
    void plainBeanThatThrowsIsRolledBack() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(this::killThenWrite)));
    }

    @Test
    void plainBeanThatThrowsUncheckedIsRolledBack() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(this::killThenWriteUnchecked)));
    }

    @Test
    void plainBeanThatSwallowsDoesNotReturnNormally() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(this::killThenWriteAndSwallow)));
    }

    @Test
    void plainBeanWithoutAnotherStatementDoesNotReturnNormally() throws Exception {
        assertVisiblyRolledBack(Told.by(() -> required.call(this::writeThenKill)));
    }

    @Test
    void retriedBeanThatThrowsStoresOnce() throws Exception {
        retried.call(this::killThenWrite);
        assertStoredOnce();
    }

    @Test
    void retriedBeanThatThrowsUncheckedStoresOnce() throws Exception {
        retried.call(this::killThenWriteUnchecked);
        assertStoredOnce();
    }

    @Test
    void retriedBeanThatSwallowsStoresOnce() throws Exception {
        retried.call(this::killThenWriteAndSwallow);
        assertStoredOnce();
    }

    @Test
    void retriedBeanWithoutAnotherStatementStoresOnce() throws Exception {
        retried.call(this::writeThenKill);
        assertStoredOnce();
    }

    @Test
    void killedConnectionIsDestroyedAndTheOthersStay() throws Exception {
        var pool = new Pool(link());
        pool.flush();
        List<Long> pooled = pool.use(3);
        int destroyed = pool.destroyed();
        retried.call(this::killThenWrite);
        List<Long> after = pool.use(3);
        assertThat(pooled.stream().filter(after::contains)).hasSize(2);
        assertThat(pool.destroyed() - destroyed).isEqualTo(1);
    }

    private void writeThenKill() throws Exception {
        try (Connection connection = link().dataSource().getConnection()) {
            Rows.insert(connection, 1);
            killAtFirst(connection);
        }
    }

    private void killThenWrite() throws Exception {
        try (Connection connection = link().dataSource().getConnection()) {
            Rows.insert(connection, 1);
            killAtFirst(connection);
            Rows.insert(connection, 2);
        }
    }

    private void killThenWriteUnchecked() throws Exception {
        try {
            killThenWrite();
        } catch (SQLException e) {
            throw new IllegalStateException("as applications wrap it", e);
        }
    }

    private void killThenWriteAndSwallow() throws Exception {
        try {
            killThenWrite();
        } catch (SQLException e) {
            assertThat(e.getSQLState())
                    .isIn((Object[]) link().dialect().lost()); // and no more than that, as some applications do
        }
    }

    private void killAtFirst(Connection connection) throws Exception {
        if (runs.incrementAndGet() == 1) {
            Sessions.kill(link(), connection);
        }
    }

    private void assertVisiblyRolledBack(Told told) throws Exception {
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.sqlStates())
                .as(told.toString())
                .containsAnyOf(link().dialect().lost());
        assertThat(Rows.stored()).isZero();
        assertThat(runs).hasValue(1);
    }

    private void assertStoredOnce() throws Exception {
        assertThat(runs).hasValue(2);
        assertThat(Rows.isStored(1)).isTrue();
    }
}

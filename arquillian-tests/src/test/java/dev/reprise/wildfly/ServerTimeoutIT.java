// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL ends a session that is idle for too long, and says why in place of the answer to the next statement. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class ServerTimeoutIT {

    private final Link link = Link.POSTGRESQL;
    private final Pool pool = new Pool(link);
    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private RequiredBean required;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.with(ServerTimeoutIT.class, Told.class, Sessions.class, Pool.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
        pool.flush();
    }

    /** 25P03. */
    @Test
    void idleInTransactionIsVisiblyRolledBack() throws Exception {
        Told told = Told.by(() -> required.call(this::idleInTransaction));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.sqlStates()).as(told.toString()).contains("25P03");
        assertThat(runs).hasValue(1);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void idleInTransactionIsRunAgain() throws Exception {
        retried.call(this::idleInTransaction);
        assertStoredOnce();
    }

    @Test
    void idleInTransactionThatIsSwallowedIsRunAgain() throws Exception {
        retried.call(() -> swallow(this::idleInTransaction));
        assertStoredOnce();
    }

    @Test
    void idleInTransactionThatIsFoundByTheCommitIsRunAgain() throws Exception {
        retried.call(() -> {
            try (Connection connection = link.dataSource().getConnection()) {
                Rows.insert(connection, 1);
                Rows.insert(connection, 2);
                timeOutAtFirst(connection, "set local idle_in_transaction_session_timeout = '1s'");
            }
        });
        assertStoredOnce();
    }

    /** The pool is to destroy one connection and to keep none that is dead. */
    @Test
    void idleInTransactionLeavesNothingInThePool() throws Exception {
        int destroyed = pool.destroyed();
        retried.call(this::idleInTransaction);
        assertThat(pool.destroyed() - destroyed).isOne();
        required.call(() -> Rows.insert(link.dataSource(), 3));
        assertThat(Rows.stored()).isEqualTo(3);
    }

    /** 57P05, if the server has not heard of the transaction when nothing has been run in it. */
    @Test
    void idleSinceItWasEnlistedIsRunAgain() throws Exception {
        try (Connection connection = link.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set session idle_session_timeout = '2s'");
            statement.execute("set session idle_in_transaction_session_timeout = '2s'");
        }
        long session = pool.use(1).get(0);
        retried.call(() -> {
            try (Connection connection = link.dataSource().getConnection()) {
                if (runs.incrementAndGet() == 1) {
                    Sessions.awaitEnd(link, session);
                }
                Rows.insert(connection, 1);
                Rows.insert(connection, 2);
            }
        });
        assertStoredOnce();
    }

    private void idleInTransaction() throws Exception {
        try (Connection connection = link.dataSource().getConnection()) {
            Rows.insert(connection, 1);
            timeOutAtFirst(connection, "set local idle_in_transaction_session_timeout = '1s'");
            Rows.insert(connection, 2);
        }
    }

    private void timeOutAtFirst(Connection connection, String timeout) throws Exception {
        if (runs.incrementAndGet() == 1) {
            long session = Sessions.id(link, connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute(timeout);
            }
            Sessions.awaitEnd(link, session);
        }
    }

    private void swallow(Work work) throws Exception {
        try {
            work.run();
        } catch (SQLException e) {
            assertThat(runs).hasValue(1); // and no more than that, as some applications do
        }
    }

    private void assertStoredOnce() throws Exception {
        assertThat(runs).hasValue(2);
        assertThat(Rows.stored()).isEqualTo(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.transaction.UserTransaction;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.management.ObjectName;
import javax.naming.InitialContext;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A connection that was opened before its transaction. The container makes it a part of it, but not if the pool was flushed
 * gracefully meanwhile; then nothing may be committed on its own.
 */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class EnlistmentIT {

    private static final List<Link> TRANSACTIONAL = List.of(Link.REPRISE, Link.LOCAL, Link.POSTGRESQL);

    @Resource(lookup = "java:jboss/UserTransaction")
    private UserTransaction transaction;

    @EJB
    private BeanManagedBean bean;

    @Deployment
    static WebArchive application() {
        return Application.with(EnlistmentIT.class, BeanManagedBean.class, Told.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    /** What it is about. */
    @Test
    void wildFlysOwnDataSourceCommitsItOnItsOwn() throws Exception {
        bean.call(() -> flushThenWrite(Link.WILDFLY, false));
        assertThat(Rows.stored()).isOne(); // although the transaction was rolled back
    }

    @Test
    void isRefusedAfterAGracefulFlush() throws Exception {
        for (Link link : TRANSACTIONAL) {
            bean.call(() -> assertRefused(Told.by(() -> flushThenWrite(link, false))));
            assertThat(Rows.stored()).as(link.name()).isZero();
        }
    }

    @Test
    void isRefusedAfterAGracefulFlushWhereOnlyARollbackIsLeft() throws Exception {
        for (Link link : TRANSACTIONAL) {
            bean.call(() -> assertRefused(Told.by(() -> flushThenWrite(link, true))));
            assertThat(Rows.stored()).as(link.name()).isZero();
        }
    }

    @Test
    void isUsableAgainWhenTheTransactionIsOver() throws Exception {
        for (Link link : TRANSACTIONAL) {
            Rows.clear();
            bean.call(() -> {
                try (Connection connection = link.dataSource().getConnection()) {
                    flushGracefully(link);
                    transaction.begin();
                    transaction.commit();
                    Rows.insert(connection, 1);
                }
            });
            assertThat(Rows.stored()).as(link.name()).isOne();
        }
    }

    @Test
    void isPartOfTheTransactionOtherwise() throws Exception {
        for (Link link : TRANSACTIONAL) {
            bean.call(() -> {
                try (Connection connection = link.dataSource().getConnection()) {
                    transaction.begin();
                    Rows.insert(connection, 1);
                    transaction.rollback();
                }
            });
            assertThat(Rows.stored()).as(link.name()).isZero();
        }
    }

    /** As the administrator wants it: {@code transaction-support=NoTransaction}. */
    @Test
    void isCommittedOnItsOwnWhereThereAreNoTransactions() throws Exception {
        DataSource untransacted = InitialContext.doLookup("java:/jdbc/Untransacted");
        bean.call(() -> {
            transaction.begin();
            Rows.insert(untransacted, 1);
            transaction.rollback();
        });
        assertThat(Rows.stored()).isOne();
    }

    private void flushThenWrite(Link link, boolean markedForRollback) throws Exception {
        try (Connection connection = link.dataSource().getConnection()) {
            flushGracefully(link);
            transaction.begin();
            try {
                if (markedForRollback) {
                    transaction.setRollbackOnly();
                }
                Rows.insert(connection, 1);
            } finally {
                transaction.rollback();
            }
        }
    }

    private static void assertRefused(Told told) {
        assertThat(told.failure()).isInstanceOf(SQLException.class);
        assertThat(told.sqlStates()).containsExactly("25000");
    }

    /** As an administrator does it. */
    private static void flushGracefully(Link link) throws Exception {
        String pool = link == Link.WILDFLY
                ? "subsystem=datasources,xa-data-source=" + link.id()
                : "subsystem=resource-adapters,resource-adapter=" + link.id() + ",connection-definitions=" + link.id();
        ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("jboss.as:" + pool),
                        "flushGracefullyConnectionInPool",
                        new Object[0],
                        new String[0]);
    }
}

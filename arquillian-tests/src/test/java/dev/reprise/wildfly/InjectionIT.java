// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBContext;
import jakarta.ejb.EJBException;
import jakarta.transaction.UserTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.naming.InitialContext;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How applications come by connections, and what becomes of their work. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings({"NullAway.Init", "BanJNDI"}) // the container injects; the names are constant
class InjectionIT {

    @Resource(lookup = "java:/jdbc/Reprise")
    private DataSource injected;

    @Resource
    private UserTransaction transaction;

    @EJB
    private RequiredBean required;

    @EJB
    private PersistentBean persistent;

    @EJB
    private ReferringBean referring;

    @Deployment
    static WebArchive application() {
        return Application.persistent(Application.with(InjectionIT.class))
                .addClass(ReferringBean.class)
                .setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                          <resource-ref>
                            <res-ref-name>jdbc/looked-up</res-ref-name><res-type>javax.sql.DataSource</res-type>
                            <lookup-name>java:/jdbc/Reprise</lookup-name>
                          </resource-ref>
                        </web-app>
                        """))
                .addAsWebInfResource(new StringAsset("""
                        <jboss-web>
                          <resource-ref>
                            <res-ref-name>jdbc/mapped</res-ref-name><jndi-name>java:/jdbc/Reprise</jndi-name>
                          </resource-ref>
                        </jboss-web>
                        """), "jboss-web.xml");
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.REPRISE;
    }

    Link second() {
        return Link.SECOND;
    }

    Link peer() {
        return Link.WILDFLY;
    }

    DataSource dataSource() {
        return injected;
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @Test
    void injectedDataSourceCommits() throws Exception {
        required.call(() -> Rows.insert(dataSource(), 1));
        assertThat(Rows.isStored(1)).isTrue();
    }

    @Test
    void dataSourceFromJndiCommits() throws Exception {
        required.call(() -> Rows.insert(link().dataSource(), 1));
        assertThat(Rows.isStored(1)).isTrue();
    }

    @Test
    void dataSourceThatTheDeploymentDescriptorRefersToCommits() throws Exception {
        DataSource lookedUp = InitialContext.doLookup("java:comp/env/jdbc/looked-up");
        required.call(() -> Rows.insert(lookedUp, 1));
        assertThat(Rows.isStored(1)).isTrue();
    }

    @Test
    void dataSourceThatTheVendorsDescriptorMapsCommits() throws Exception {
        referring.insert(1);
        assertThat(Rows.isStored(1)).isTrue();
    }

    @Test
    void entityIsStoredAndFound() throws Exception {
        persistent.store(link(), 1);
        assertThat(Rows.isStored(1)).isTrue();
        assertThat(persistent.find(link(), 1)).extracting(StoredRow::source).isEqualTo("jpa");
    }

    @Test
    void entityOfARolledBackTransactionIsNotStored() throws Exception {
        var failure = new IllegalStateException("no");
        assertThatThrownBy(() -> persistent.store(link(), 1, failure))
                .isInstanceOf(EJBException.class)
                .hasCause(failure);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void entitiesAndJdbcShareTheTransaction() throws Exception {
        required.call(() -> {
            Rows.insert(dataSource(), 1);
            assertThat(persistent.find(link(), 1)).isNotNull();
            persistent.store(link(), 2);
            setRollbackOnly();
        });
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void runtimeExceptionRollsBack() throws Exception {
        var failure = new IllegalStateException("no");
        assertThatThrownBy(() -> required.call(() -> {
                    Rows.insert(dataSource(), 1);
                    throw failure;
                }))
                .isInstanceOf(EJBException.class)
                .hasCause(failure);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void setRollbackOnlyRollsBack() throws Exception {
        required.call(() -> {
            Rows.insert(dataSource(), 1);
            setRollbackOnly();
        });
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void twoConnectionDefinitionsCommitTogether() throws Exception {
        bothCommit(second());
    }

    @Test
    void twoConnectionDefinitionsRollBackTogether() throws Exception {
        bothRollBack(second());
    }

    @Test
    void repriseAndAnotherDataSourceCommitTogether() throws Exception {
        bothCommit(peer());
    }

    @Test
    void repriseAndAnotherDataSourceRollBackTogether() throws Exception {
        bothRollBack(peer());
    }

    private void bothCommit(Link other) throws Exception {
        required.call(() -> {
            Rows.insert(dataSource(), 1);
            Rows.insert(other.dataSource(), 2);
        });
        assertThat(Rows.stored()).isEqualTo(2);
    }

    private void bothRollBack(Link other) throws Exception {
        required.call(() -> {
            Rows.insert(dataSource(), 1);
            Rows.insert(other.dataSource(), 2);
            setRollbackOnly();
        });
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void twoConnectionsOfATransactionSeeTheSameWork() throws Exception {
        required.call(() -> {
            try (Connection first = dataSource().getConnection();
                    Connection second = dataSource().getConnection()) {
                Rows.insert(first, 1);
                assertThat(number(second, "select count(*) from row_of_test")).isOne();
                Rows.insert(second, 2);
            }
        });
        assertThat(Rows.stored()).isEqualTo(2);
    }

    @Test
    void twoConnectionsOfATransactionRollBackTogether() throws Exception {
        required.call(() -> {
            try (Connection first = dataSource().getConnection();
                    Connection second = dataSource().getConnection()) {
                Rows.insert(first, 1);
                Rows.insert(second, 2);
            }
            Rows.insert(dataSource(), 3);
            setRollbackOnly();
        });
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void outsideATransactionEachStatementIsCommitted() throws Exception {
        try (Connection connection = dataSource().getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            Rows.insert(connection, 1);
            assertThat(Rows.isStored(1)).isTrue();
        }
    }

    @Test
    void transactionOfTheApplicationCommits() throws Exception {
        transaction.begin();
        Rows.insert(dataSource(), 1);
        assertThat(Rows.isStored(1)).isFalse();
        transaction.commit();
        assertThat(Rows.isStored(1)).isTrue();
    }

    @Test
    void transactionOfTheApplicationRollsBack() throws Exception {
        transaction.begin();
        Rows.insert(dataSource(), 1);
        transaction.rollback();
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void connectionFromBeforeATransactionIsCommittedWithIt() throws Exception {
        try (Connection connection = dataSource().getConnection()) {
            Rows.insert(connection, 1);
            assertThat(Rows.isStored(1)).isTrue();
            transaction.begin();
            Rows.insert(connection, 2);
            assertThat(Rows.isStored(2)).isFalse();
            transaction.commit();
        }
        assertThat(Rows.isStored(2)).isTrue();
    }

    @Test
    void connectionFromBeforeATransactionIsRolledBackWithIt() throws Exception {
        try (Connection connection = dataSource().getConnection()) {
            Rows.insert(connection, 1);
            transaction.begin();
            Rows.insert(connection, 2);
            transaction.rollback();
        }
        assertThat(Rows.isStored(1)).isTrue();
        assertThat(Rows.isStored(2)).isFalse();
    }

    @Test
    void connectionOfACallerWithoutTransactionTakesPartInThatOfTheCalledBean() throws Exception {
        try (Connection connection = dataSource().getConnection()) {
            assertThatThrownBy(() -> required.call(() -> {
                        Rows.insert(connection, 1);
                        throw new IllegalStateException("of the application");
                    }))
                    .hasMessageContaining("of the application");
            assertThat(Rows.stored()).isZero();
            Rows.insert(connection, 2);
        }
        assertThat(Rows.isStored(2)).isTrue();
    }

    @Test
    void statementFromBeforeTheTransactionIsRefusedOrTakesPartInIt() throws Exception {
        try (Connection connection = dataSource().getConnection();
                PreparedStatement insert = connection.prepareStatement("insert into row_of_test values (1, 'test')")) {
            assertThatThrownBy(() -> required.call(insert::executeUpdate)).isInstanceOf(SQLException.class);
            assertThat(Rows.stored()).isZero();
        }
    }

    @Test
    void closedConnectionStaysClosed() throws Exception {
        var kept = new Connection[1];
        required.call(() -> {
            kept[0] = dataSource().getConnection();
            Rows.insert(kept[0], 1);
            kept[0].close();
            assertThatThrownBy(() -> Rows.insert(kept[0], 2)).hasMessage("The connection is closed");
        });
        assertThat(kept[0].isClosed()).isTrue();
        assertThatThrownBy(() -> Rows.insert(kept[0], 3)).isInstanceOf(SQLException.class);
        assertThat(Rows.stored()).isOne();
    }

    /** As WildFly's own. Without {@code tracking=false} the pool would destroy it. */
    @Test
    void connectionLeftOpenGoesOnAfterItsTransactionAndInAnotherOne() throws Exception {
        var kept = new Connection[1];
        required.call(() -> {
            kept[0] = dataSource().getConnection();
            Rows.insert(kept[0], 1);
        });
        assertThat(Rows.isStored(1)).isTrue();
        try (Connection leftOpen = kept[0]) {
            Rows.insert(leftOpen, 2);
            required.call(() -> Rows.insert(leftOpen, 3));
            Rows.insert(leftOpen, 4);
        }
        assertThat(Rows.stored()).isEqualTo(4);
    }

    @Test
    void oneConnectionIsUsedInSeveralTransactionsAndBetween() throws Exception {
        try (Connection connection = dataSource().getConnection()) {
            transaction.begin();
            Rows.insert(connection, 1);
            transaction.commit();
            Rows.insert(connection, 2);
            transaction.begin();
            Rows.insert(connection, 3);
            transaction.rollback();
        }
        assertThat(Rows.isStored(1)).isTrue();
        assertThat(Rows.isStored(2)).isTrue();
        assertThat(Rows.isStored(3)).isFalse();
    }

    @Test
    void statementsLeftOpenDoNoHarm() throws Exception {
        for (int round = 0; round < 30; round++) {
            int id = round;
            required.call(() -> leaveOpen(id));
        }
        assertThat(Rows.stored()).isEqualTo(30);
    }

    @SuppressWarnings("resource") // this is what is tested
    private void leaveOpen(int id) throws SQLException {
        try (Connection connection = dataSource().getConnection()) {
            Statement statement = connection.createStatement();
            statement.executeUpdate("insert into row_of_test values (" + id + ", 'test')");
            ResultSet rows = statement.executeQuery("select id from row_of_test");
            assertThat(rows.next()).isTrue();
            assertThat(connection.prepareStatement("select 1").executeQuery().next())
                    .isTrue();
        }
    }

    @Test
    void applicationSeesNoClassOfTheAdapterOrItsDriver() {
        assertThat(dataSource().getClass().getName()).isEqualTo("dev.reprise.connector.RepriseDataSource");
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        for (String name : new String[] {
            dataSource().getClass().getName(), "org.mariadb.jdbc.MariaDbDataSource", "org.postgresql.Driver"
        }) {
            assertThatThrownBy(() -> Class.forName(name, false, application))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    private static void setRollbackOnly() throws Exception {
        ((EJBContext) InitialContext.doLookup("java:comp/EJBContext")).setRollbackOnly();
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}

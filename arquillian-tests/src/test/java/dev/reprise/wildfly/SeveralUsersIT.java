// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import javax.naming.InitialContext;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code security-application=true}: WildFly keeps a pool for each user. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class SeveralUsersIT {

    private static final String[] USERS = {"anna", "bert"};

    @EJB
    private RequiredBean required;

    private DataSource dataSource;

    @Deployment
    static WebArchive application() {
        return Application.with(SeveralUsersIT.class, Sessions.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
        dataSource = InitialContext.doLookup("java:/jdbc/Users");
        for (String user : USERS) {
            Link.SECOND
                    .faults()
                    .execute("create user if not exists " + user + " identified by 'secret-of-" + user + "'");
            Link.SECOND.faults().execute("grant all on *.* to " + user);
        }
    }

    @Test
    void noUserDestroysTheConnectionsOfAnother() throws Exception {
        Set<Long> sessions = new HashSet<>();
        for (int round = 0; round < 5; round++) {
            for (String user : USERS) {
                sessions.add(session(as(user)));
            }
            sessions.add(session(dataSource.getConnection()));
        }
        assertThat(sessions).hasSize(3);
    }

    private static long session(Connection connection) throws SQLException {
        try (connection) {
            return Sessions.id(Link.SECOND, connection);
        }
    }

    @Test
    void oneTransactionCanHaveTwoUsers() throws Exception {
        required.call(() -> {
            try (Connection anna = as("anna");
                    Connection bert = as("bert");
                    Connection again = as("anna")) {
                Rows.insert(anna, 1);
                Rows.insert(bert, 2);
                Rows.insert(again, 3);
            }
        });
        assertThat(Rows.stored()).isEqualTo(3);
    }

    private Connection as(String user) throws SQLException {
        return dataSource.getConnection(user, "secret-of-" + user);
    }
}

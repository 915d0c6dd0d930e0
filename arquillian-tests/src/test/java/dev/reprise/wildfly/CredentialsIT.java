// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testsupport.Faults;
import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections of several users from one data source. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class CredentialsIT {

    @EJB
    private RequiredBean required;

    @Deployment
    static WebArchive application() {
        return Application.with(CredentialsIT.class, Sessions.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.SECOND;
    }

    /** What makes this user, if he is not there, with rights on the table of the tests. */
    List<String> make(String user) {
        return List.of(
                "create user if not exists " + user + " identified by 'secret-of-" + user + "'",
                "grant all on *.* to " + user);
    }

    String changePassword(String user, String password) {
        return "alter user " + user + " identified by '" + password + "'";
    }

    /** What a wrong password is answered. */
    void assertRefusedPassword(SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("28000");
        assertThat(e.getMessage()).contains("Access denied for user 'anna'");
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
        Faults faults = link().faults();
        for (String user : new String[] {"anna", "bert"}) {
            for (String sql : make(user)) {
                faults.execute(sql);
            }
        }
    }

    @Test
    void connectionIsOfTheUserWhoAsked() throws Exception {
        try (Connection connection = as("anna")) {
            assertThat(user(connection)).isEqualTo("anna");
        }
    }

    @Test
    void whoeverAskedFirstIsNotTheUserOfAllOthers() throws Exception {
        Map<Long, String> owners = new HashMap<>();
        for (int round = 0; round < 5; round++) {
            List<Connection> open = new ArrayList<>();
            try {
                for (String user : new String[] {"anna", "app", "bert", "anna", "bert", "app"}) {
                    Connection connection =
                            user.equals("app") ? link().dataSource().getConnection() : as(user);
                    open.add(connection);
                    assertThat(user(connection)).isEqualTo(user);
                    assertThat(owners.merge(session(connection), user, (earlier, now) -> earlier))
                            .isEqualTo(user);
                }
            } finally {
                for (Connection connection : open) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void usersWhoAskAtTheSameTimeGetTheirOwn() throws Exception {
        var tasks = new ArrayList<Callable<String>>();
        for (int i = 0; i < 100; i++) {
            String user = i % 2 == 0 ? "anna" : "bert";
            tasks.add(() -> {
                try (Connection connection = as(user)) {
                    return user + " is " + user(connection);
                }
            });
        }
        var both = Executors.newFixedThreadPool(4);
        try {
            for (Future<String> each : both.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                assertThat(each.get()).isIn("anna is anna", "bert is bert");
            }
        } finally {
            both.shutdownNow();
        }
    }

    @Test
    void changedPasswordIsTheOneOfNewConnections() throws Exception {
        try (Connection before = as("anna")) {
            link().faults().execute(changePassword("anna", "another-secret"));
            try (Connection after = link().dataSource().getConnection("anna", "another-secret")) {
                assertThat(user(after)).isEqualTo("anna");
                assertThat(session(after)).isNotEqualTo(session(before));
            }
            assertThat(user(before)).isEqualTo("anna");
        } finally {
            link().faults().execute(changePassword("anna", "secret-of-anna"));
        }
    }

    /** The pool keeps one connection per transaction, and asks no further when it hands that out. */
    @Test
    void connectionOfATransactionIsNotGivenToAnotherUser() throws Exception {
        required.call(() -> {
            try (Connection anna = as("anna")) {
                Rows.insert(anna, 1);
                assertRefused(() -> as("bert"));
                assertRefused(link().dataSource()::getConnection);
                try (Connection again = as("anna")) {
                    assertThat(user(again)).isEqualTo("anna");
                    Rows.insert(again, 2);
                }
            }
        });
        assertThat(Rows.stored()).isEqualTo(2);
    }

    private static void assertRefused(ThrowingCallable request) {
        assertThatThrownBy(request)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("The connection belongs to another user than the one who asks");
    }

    @Test
    void wrongPasswordIsToldByItsOwnState() {
        assertThatThrownBy(() -> link().dataSource().getConnection("anna", "not-the-secret"))
                .isInstanceOfSatisfying(SQLException.class, this::assertRefusedPassword)
                .satisfies(CredentialsIT::saysNothingOfThePassword);
    }

    @Test
    void wrongPasswordGetsNoPooledConnection() throws Exception {
        as("anna").close();
        assertThatThrownBy(() -> link().dataSource().getConnection("anna", "not-the-secret"))
                .isInstanceOfSatisfying(SQLException.class, this::assertRefusedPassword);
        try (Connection connection = as("anna")) {
            assertThat(user(connection)).isEqualTo("anna");
        }
    }

    private static void saysNothingOfThePassword(Throwable thrown) {
        var text = new java.io.StringWriter();
        thrown.printStackTrace(new java.io.PrintWriter(text));
        assertThat(text.toString()).doesNotContain("not-the-secret");
    }

    private Connection as(String user) throws SQLException {
        return link().dataSource().getConnection(user, "secret-of-" + user);
    }

    /** Without the host. */
    private String user(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(link().dialect().selectCurrentUser())) {
            row.next();
            return row.getString(1).replaceFirst("@.*", "");
        }
    }

    private long session(Connection connection) throws SQLException {
        return Sessions.id(link(), connection);
    }
}

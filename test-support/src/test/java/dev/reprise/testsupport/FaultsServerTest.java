// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.rmi.RemoteException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FaultsServerTest {

    private static MariaDb database;
    private static FaultProxy proxy;
    private static FaultsServer server;

    @BeforeAll
    static void start() throws RemoteException {
        database = MariaDb.start(MariaDbOptions.defaults());
        proxy = FaultProxy.of(database);
        server = new FaultsServer(database, proxy);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        proxy.close();
        database.close();
    }

    @AfterEach
    void disarm() {
        server.disarmAll();
        assertThat(server.hits()).isZero();
    }

    @Test
    void isControlledFromAnotherJvm(@TempDir Path folder) {
        String printed = Jvm.run(
                folder.resolve("out"),
                Remote.class,
                String.valueOf(server.port()),
                database.jdbcUrl(proxy.port()),
                database.user(),
                database.password());
        assertThat(printed.lines())
                .containsExactly(
                        "lost, hits 1, rows 1", "sessions 1, alive false", "prepared ['a']", "after restart 1");
    }

    @Test
    void failureOfTheDatabaseIsAMessage() throws RemoteException {
        Faults faults = Faults.at(server.port());
        assertThatExceptionOfType(RemoteException.class)
                .isThrownBy(() -> faults.execute("no sql"))
                .withMessageContaining("You have an error in your SQL syntax");
    }

    @Test
    void faultThatDoesNotComeIsAFailure() throws RemoteException {
        Faults faults = Faults.at(server.port());
        faults.arm("never sent", FaultKind.CUT_BEFORE);
        assertThatExceptionOfType(RemoteException.class)
                .isThrownBy(() -> faults.awaitHits(1, Duration.ofMillis(50)))
                .withMessageContaining("0 hits instead of 1 within PT0.05S: [CUT_BEFORE at \"never sent\"]");
    }

    /** The half that usually runs inside WildFly. */
    static final class Remote {

        private Remote() {}

        public static void main(String... arguments) throws Exception {
            Faults faults = Faults.at(Integer.parseInt(arguments[0]));
            faults.execute("create table t (id int primary key)");
            faults.arm("into t", FaultKind.CUT_AFTER);
            try {
                run(arguments, "insert into t values (1)");
                System.out.println("not lost");
            } catch (SQLException e) {
                faults.awaitHits(1, Duration.ofSeconds(10));
                System.out.println("lost, hits " + faults.hits() + ", rows " + faults.query("select count(*) from t"));
            }
            try (var idle = DriverManager.getConnection(arguments[1], arguments[2], arguments[3])) {
                System.out.println("sessions " + faults.killConnections() + ", alive " + idle.isValid(5));
            }
            run(arguments, "xa start 'a'", "insert into t values (2)", "xa end 'a'", "xa prepare 'a'");
            List<String> prepared = faults.preparedXids();
            System.out.println("prepared " + prepared);
            faults.execute("xa rollback " + prepared.get(0));
            faults.killDatabase();
            faults.startDatabase();
            System.out.println("after restart " + faults.query("select count(*) from t"));
        }

        private static void run(String[] arguments, String... statements) throws SQLException {
            try (var connection = DriverManager.getConnection(arguments[1], arguments[2], arguments[3]);
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }
    }
}

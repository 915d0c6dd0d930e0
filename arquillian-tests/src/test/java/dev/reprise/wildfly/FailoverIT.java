// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.DatabasePair;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Clients.Answer;
import dev.reprise.wildfly.Clients.Job;
import dev.reprise.wildfly.Told.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.RemoteException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Another server takes the place of the primary while clients work: once as planned, and once because the primary has
 * died. They go on without anybody's doing, and what they were told is what the last primary has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration RECOVERY = Duration.ofSeconds(90);

    @BeforeAll
    static void deploy() throws Exception {
        Path war = Files.createDirectories(Path.of("target")).resolve("failover.war");
        Application.with(RetriedServlet.class, PatientBean.class, Told.class)
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        Stage.wildFly().deploy(war);
    }

    @AfterAll
    static void undeploy() {
        Stage.wildFly().undeploy("failover.war");
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @ParameterizedTest
    @EnumSource
    void clientsGoOnWithTheNewPrimary(Dialect dialect) throws Exception {
        Link other = dialect == Dialect.MARIADB ? Link.POSTGRESQL : Link.REPRISE;
        String address = "http://127.0.0.1:" + Stage.wildFly().httpPort() + "/failover/";
        try (var sources = new PairSources(dialect)) {
            Job promised = new Job(List.of(sources.add("Promised", Map.of("failoverFencing", "guaranteed"))));
            Job plain = new Job(List.of(sources.add(
                    "Plain",
                    Map.of(
                            "commitGuard",
                            dialect == Dialect.MARIADB ? "two-phase" : "native",
                            "guardTimeoutSeconds",
                            "5"))));
            Job both = new Job(List.of(plain.dataSources().get(0), other.jndiName()));
            sources.activate();
            try (var clients = new Clients(address, List.of(promised, promised, plain, plain, both))) {
                clients.awaitAcknowledged();
                planned(sources.pair());
                Duration planned = clients.awaitAcknowledged();
                sources.pair().rejoin();
                unplanned(sources.pair(), other);
                Duration unplanned = clients.awaitAcknowledged();
                System.out.println("Failover on " + dialect + ": all clients go on after " + planned.toMillis()
                        + " ms as planned, " + unplanned.toMillis() + " ms after a crash");
                Map<Integer, Answer> answers = clients.stop();

                DatabaseServer last = sources.pair().primary();
                await().atMost(RECOVERY)
                        .untilAsserted(() -> assertThat(last.preparedXids()).isEmpty());
                Rows.awaitNonePrepared();
                verify(answers, rows(last), rows(Stage.databases().get(other.dialect())), promised);
                sources.pair().demote();
                assertThat(sources.failureOfTest("Plain")).contains(nobodyIsThePrimary(sources.pair(), dialect));
            }
        }
    }

    /** As administrators do it: nobody writes any more, all is copied, the copy takes over. */
    private static void planned(DatabasePair pair) throws SQLException {
        DatabaseServer old = pair.primary();
        pair.demote();
        if (old.isReady()) {
            await().atMost(SOON).until(() -> sessions(old) == 0);
            pair.awaitCaughtUp();
        }
        pair.promote();
    }

    /** What the dead primary has acknowledged, its replica has: a branch that is prepared and not committed, too. */
    private static void unplanned(DatabasePair pair, Link other) throws SQLException, RemoteException {
        pair.acknowledgeWhatIsCopied();
        other.faults().arm(other.dialect().prepare(), FaultKind.PAUSE_BEFORE);
        other.faults().awaitHits(1, SOON);
        pair.primary().kill();
        pair.promote();
        other.faults().release();
    }

    private static int sessions(DatabaseServer server) throws SQLException {
        return Integer.parseInt(DatabasePair.query(
                server, "select count(*) from information_schema.processlist where user = '" + server.user() + "'"));
    }

    private static void verify(
            Map<Integer, Answer> answers, Set<Integer> onThePair, Set<Integer> onTheOther, Job promised) {
        int unknown = 0;
        for (var each : answers.entrySet()) {
            int id = each.getKey();
            Answer answer = each.getValue();
            String what = "row " + id + " of " + answer;
            assertThat(answer.outcome()).as(what).isNotEqualTo(Outcome.ROLLED_BACK);
            if (answer.outcome() == Outcome.COMMITTED) {
                assertThat(onThePair.contains(id)).as(what).isTrue();
            } else {
                assertThat(answer.job()).as(what).isNotEqualTo(promised);
                unknown++;
            }
            if (answer.job().dataSources().size() == 2) {
                assertThat(onTheOther.contains(id)).as(what).isEqualTo(onThePair.contains(id));
            }
        }
        System.out.println("Failover: " + answers.size() + " transactions, " + unknown + " unknown");
        assertThat(unknown)
                .as("one for each client without the promise, and each server that it lost")
                .isLessThan(7);
    }

    /** Of which one is dead, and the other one was demoted. */
    private static List<String> nobodyIsThePrimary(DatabasePair pair, Dialect dialect) {
        return List.of(
                "No connection to the database: None of the servers can be used: ",
                pair.replica().jdbcUrl().split("\\?", 2)[0] + ": ",
                pair.primary().jdbcUrl().split("\\?", 2)[0] + ": ",
                dialect == Dialect.MARIADB ? "takes no writes" : "refused");
    }

    private static Set<Integer> rows(DatabaseServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id from row_of_test")) {
            var ids = new HashSet<Integer>();
            while (row.next()) {
                ids.add(row.getInt(1));
            }
            return ids;
        }
    }
}

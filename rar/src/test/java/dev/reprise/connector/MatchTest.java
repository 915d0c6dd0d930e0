// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Factories.destroy;
import static dev.reprise.connector.Factories.match;
import static dev.reprise.connector.Factories.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.FaultProxy;
import jakarta.resource.ResourceException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which pooled connections are handed out, against a real server. */
class MatchTest {

    private static final String LOST = "REPRISE0004";
    private static final String DISCARDED = "REPRISE0005";

    private final FaultProxy proxy = TestDatabase.proxy();
    private final RepriseManagedConnectionFactory factory = Factories.through(proxy);
    private Logged logged;
    private List<RepriseManagedConnection> pool;

    @BeforeEach
    void fill() throws ResourceException {
        logged = new Logged();
        pool = Factories.create(factory, 4);
    }

    @AfterEach
    void close() {
        proxy.blackHole(false);
        destroy(pool);
        logged.close();
        proxy.close();
    }

    private void killFirst() throws SQLException {
        TestDatabase.kill(session(pool.get(0)));
    }

    private void restart() {
        await().atMost(Duration.ofSeconds(10)).until(() -> status("UPTIME") > 4);
        TestDatabase.mariaDb().restart();
    }

    /** Counts itself when it asks for the number of temporary tables. */
    private static long status(String name) throws SQLException {
        return TestDatabase.number(
                "select variable_value from information_schema.global_status where variable_name = '" + name + "'");
    }

    private static long temporaryTables() throws SQLException {
        return status("CREATED_TMP_TABLES");
    }

    private void allMatch(List<RepriseManagedConnection> connections) throws ResourceException {
        for (RepriseManagedConnection connection : connections) {
            assertThat(match(factory, connection)).isSameAs(connection);
        }
    }

    private void noneMatches(List<RepriseManagedConnection> connections) throws ResourceException {
        for (RepriseManagedConnection connection : connections) {
            assertThat(match(factory, connection)).isNull();
        }
    }

    @Test
    void aLivingConnectionMatches() throws ResourceException {
        int before = logged.messages().size();
        allMatch(pool);
        allMatch(pool);
        assertThat(logged.messages()).hasSize(before);
    }

    @Test
    void oneKilledConnectionDoesNotFlushAHealthyPool() throws Exception {
        killFirst();
        noneMatches(pool.subList(0, 1));
        allMatch(pool.subList(1, 4));
        noneMatches(pool.subList(0, 1));
        assertThat(logged.count(LOST)).isEqualTo(1);
        assertThat(logged.count(DISCARDED)).isZero();
    }

    @Test
    void afterALossTheNextMatchProbesForAll() throws Exception {
        killFirst();
        noneMatches(pool.subList(0, 1));
        long start = temporaryTables();
        long nothing = temporaryTables() - start;
        allMatch(pool.subList(1, 2));
        long probe = temporaryTables() - start - 2 * nothing;
        allMatch(pool.subList(2, 4));
        assertThat(probe).isPositive();
        assertThat(temporaryTables() - start - 3 * nothing)
                .as("of all three; a ping needs none")
                .isEqualTo(probe);
    }

    @Test
    void aRestartedServerCostsOneProbe() throws ResourceException {
        restart();
        noneMatches(pool);
        assertThat(logged.count(LOST)).as("the first, and the probe").isEqualTo(2);
        assertThat(logged.count(DISCARDED)).isEqualTo(1);
        RepriseManagedConnection fresh = Factories.create(factory);
        allMatch(List.of(fresh));
        fresh.destroy();
    }

    @Test
    void aServerThatDoesNotAnswerCostsOneTimeout() throws ResourceException {
        var asking = Factories.through(proxy);
        asking.setPingAfterIdleMillis("0");
        List<RepriseManagedConnection> own = Factories.create(asking, 4);
        proxy.blackHole(true);
        for (RepriseManagedConnection connection : own) {
            assertThat(match(asking, connection)).isNull();
        }
        assertThat(logged.count(LOST)).isEqualTo(1);
        assertThat(logged.count(DISCARDED)).isEqualTo(1);
        destroy(own);
    }

    @Test
    void aNewConnectionThatReachesARestartedServerSaysEnough() throws ResourceException {
        restart();
        RepriseManagedConnection fresh = Factories.create(factory);
        assertThat(logged.count(DISCARDED)).isEqualTo(1);
        noneMatches(pool);
        assertThat(logged.count(LOST)).as("nobody was asked").isZero();
        fresh.destroy();
    }

    @Test
    void aServerThatBecameReadOnlyEndsTheGeneration() throws Exception {
        TestDatabase.execute("set global read_only = 1");
        try {
            killFirst();
            noneMatches(pool);
            assertThat(logged.count(DISCARDED)).isEqualTo(1);
        } finally {
            TestDatabase.execute("set global read_only = 0");
        }
    }

    @Test
    void aConnectionOfAnotherUserDoesNotMatch() throws ResourceException {
        Set<RepriseManagedConnection> candidates = Set.of(pool.get(0));
        var server = TestDatabase.mariaDb();
        var own = new Credentials(server.user(), server.password());
        assertThat(factory.matchManagedConnections(candidates, null, own)).isSameAs(pool.get(0));
        var other = new Credentials(server.rootUser(), server.rootPassword());
        assertThat(factory.matchManagedConnections(candidates, null, other)).isNull();
        var wrong = new Credentials(server.user(), "wrong");
        assertThat(factory.matchManagedConnections(candidates, null, wrong)).isNull();
    }

    @Test
    void theFirstThatFitsIsTakenFromSeveral() throws Exception {
        killFirst();
        assertThat(match(factory, pool.get(0), pool.get(1))).isSameAs(pool.get(1));
        assertThat(factory.matchManagedConnections(Set.of("of another adapter"), null, null))
                .isNull();
        assertThat(match(factory)).isNull();
    }

    @Test
    void theContainerCanAskWhichAreInvalid() throws Exception {
        killFirst();
        assertThat(factory.getInvalidConnections(Set.copyOf(pool))).containsExactly(pool.get(0));
        pool.get(1).host().lost(pool.get(1).host().physical(), new SQLException("seen by an application", "08006"));
        assertThat(factory.getInvalidConnections(Set.of(pool.get(1), pool.get(2))))
                .containsExactly(pool.get(1));
        assertThat(factory.getInvalidConnections(Set.of("of another adapter"))).isEmpty();
    }

    @Test
    void withoutValidationOnlyWhatIsKnownToBeLostDoesNotMatch() throws Exception {
        var unchecked = Factories.through(proxy);
        unchecked.setValidateOnMatch("false");
        List<RepriseManagedConnection> own = Factories.create(unchecked, 2);
        TestDatabase.kill(session(own.get(0)));
        assertThat(match(unchecked, own.get(0))).isSameAs(own.get(0));
        own.get(1).host().lost(own.get(1).host().physical(), new SQLException("seen by an application", "08006"));
        assertThat(match(unchecked, own.get(1))).isNull();
        assertThat(unchecked.getInvalidConnections(Set.copyOf(own))).hasSize(2);
        destroy(own);
    }

    /** A container may flush its pool while it matches, and the check may have been before that. */
    @Test
    void aDestroyedConnectionDoesNotMatch() throws Exception {
        RepriseManagedConnectionFactory unchecked = Factories.direct();
        unchecked.setValidateOnMatch("false");
        RepriseManagedConnection connection = Factories.create(unchecked);

        connection.destroy();

        assertThat(match(unchecked, connection)).isNull();
    }
}

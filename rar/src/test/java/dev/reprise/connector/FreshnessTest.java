// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Factories.destroy;
import static dev.reprise.connector.Factories.match;
import static dev.reprise.connector.Factories.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.FaultProxy;
import jakarta.resource.ResourceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a match costs, and when a pooled connection is asked, against a real server. */
class FreshnessTest {

    private static final Duration BOUND = Duration.ofSeconds(15);

    private final FaultProxy proxy = TestDatabase.proxy();
    private final RepriseResourceAdapter adapter = new RepriseResourceAdapter();
    private final RepriseManagedConnectionFactory factory = Factories.through(proxy);
    private final Logged logged = new Logged();
    private List<RepriseManagedConnection> pool = List.of();

    private void fill(int size) throws ResourceException {
        factory.setResourceAdapter(adapter);
        pool = Factories.create(factory, size);
    }

    @AfterEach
    void close() {
        proxy.blackHole(false);
        destroy(pool);
        adapter.stop();
        logged.close();
        proxy.close();
    }

    private void matches(int number) throws ResourceException {
        assertThat(match(factory, pool.get(number))).isSameAs(pool.get(number));
    }

    private long requestsOfAMatch(int number) throws ResourceException {
        long before = proxy.requests();
        matches(number);
        return proxy.requests() - before;
    }

    @Test
    void aMatchCostsNoRequest() throws ResourceException {
        fill(1);
        assertThat(requestsOfAMatch(0)).isZero();
        assertThat(logged.count("REPRISE0018")).isZero();
    }

    @Test
    void oneThatWasSilentForLongIsAsked() throws ResourceException {
        factory.setPingAfterIdleMillis("0");
        fill(1);
        assertThat(requestsOfAMatch(0)).isEqualTo(1);
    }

    @Test
    void afterAnIncidentEachHasToAnswerOnce() throws Exception {
        fill(4);
        TestDatabase.kill(session(pool.get(0)));
        assertThat(match(factory, pool.get(0))).isNull();
        for (int number = 1; number < 4; number++) {
            assertThat(requestsOfAMatch(number)).isEqualTo(1);
            assertThat(requestsOfAMatch(number)).isZero();
        }
    }

    @Test
    void whereTheSocketIsNotOursAYoungAnswerIsTrustedUntilAnIncident() throws Exception {
        factory.setDriverProperties("socketFactory=" + PlainSockets.class.getName());
        factory.setTrustWindowMillis("60000");
        factory.setPingAfterIdleMillis("60000");
        fill(3);
        assertThat(requestsOfAMatch(0)).isZero();
        TestDatabase.kill(session(pool.get(1)));
        pool.get(1).host().lost(pool.get(1).host().physical(), new SQLException("seen by an application", "08006"));
        assertThat(requestsOfAMatch(0)).isEqualTo(1);
        assertThat(requestsOfAMatch(2)).isEqualTo(1);
        assertThat(requestsOfAMatch(0)).isZero();
    }

    @Test
    void whereTheSocketIsNotOursAnOlderAnswerIsNotTrusted() throws ResourceException {
        factory.setDriverProperties("socketFactory=" + PlainSockets.class.getName());
        factory.setTrustWindowMillis("0");
        fill(1);
        assertThat(requestsOfAMatch(0)).isEqualTo(1);
        assertThat(logged.count("REPRISE0018")).isEqualTo(1);
    }

    @Test
    void anOldOneIsNotMatchedAndThatIsNoIncident() throws ResourceException {
        factory.setMaxLifetimeSeconds("1");
        fill(1);
        matches(0);
        await().atMost(BOUND).until(() -> match(factory, pool.get(0)) == null);
        assertThat(logged.count("REPRISE0004")).isZero();
    }

    @Test
    void aStoppedServerCostsOneTimeout() throws ResourceException {
        factory.setPingAfterIdleMillis("0");
        fill(10);
        TestDatabase.mariaDb().suspend();
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
                for (RepriseManagedConnection each : pool) {
                    assertThat(match(factory, each)).isNull();
                }
            });
        } finally {
            TestDatabase.mariaDb().resume();
        }
        assertThat(logged.count("REPRISE0005")).isEqualTo(1);
    }

    @Test
    void askingOnADeadLinkHasABoundThoughNobodySetsOne() throws Exception {
        factory.setControlTimeoutMillis("1000");
        fill(1);
        Connection handle = pool.get(0).getConnection(null, null);
        proxy.blackHole(true);
        assertTimeoutPreemptively(BOUND, () -> assertThat(handle.isValid(0)).isFalse());
    }

    /** Its server would end it after two seconds. */
    @Test
    void anIdleConnectionIsKeptAlive() throws Exception {
        factory.setNewConnectionSql("set session wait_timeout = 2");
        factory.setKeepaliveSeconds("1");
        fill(1);
        long before = proxy.requests();
        await().atMost(BOUND).until(() -> proxy.requests() >= before + 4);
        assertThat(Factories.isOnServer(session(pool.get(0)))).isTrue();
    }

    @Test
    void theBackgroundFindsADeadLinkBeforeAnybodyAsks() throws ResourceException {
        factory.setKeepaliveSeconds("1");
        fill(20);
        proxy.blackHole(true);
        await().atMost(BOUND).until(() -> logged.count("REPRISE0005") == 1);
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            for (RepriseManagedConnection each : pool) {
                assertThat(match(factory, each)).isNull();
            }
        });
        assertThat(logged.count("REPRISE0004")).as("one was asked").isEqualTo(1);
    }

    @Test
    void nobodyIsKeptAliveAfterTheAdapterHasStopped() throws ResourceException {
        factory.setKeepaliveSeconds("1");
        adapter.stop();
        fill(1);
        assertThat(logged.count("REPRISE0006")).isZero();
        assertThat(adapter.background().isStopped()).isTrue();
    }
}

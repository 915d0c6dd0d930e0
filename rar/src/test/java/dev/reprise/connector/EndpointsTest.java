// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Factories.match;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.FaultProxy;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAllocationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three ways to one server, each through a proxy of its own. */
class EndpointsTest {

    private final FaultProxy first = TestDatabase.proxy();
    private final FaultProxy second = TestDatabase.proxy();
    private final FaultProxy third = TestDatabase.proxy();
    private final List<RepriseManagedConnection> opened = new ArrayList<>();
    private final RepriseManagedConnectionFactory factory = Factories.through(first);
    private final Logged logged = new Logged();

    EndpointsTest() {
        factory.setConnectTimeoutMillis("1000");
        factory.setFailoverUrls(url(second) + "\n  " + url(third));
    }

    private static String url(FaultProxy proxy) {
        return TestDatabase.mariaDb().jdbcUrl(proxy.port());
    }

    @AfterEach
    void close() {
        Factories.destroy(opened);
        logged.close();
        List.of(first, second, third).forEach(FaultProxy::close);
    }

    /** Which of the proxies a new connection has gone through: 1 to 3. */
    private int open() throws ResourceException {
        List<FaultProxy> all = List.of(first, second, third);
        List<Integer> before = all.stream().map(FaultProxy::connections).toList();
        opened.add(Factories.create(factory));
        for (int i = 0; i < 3; i++) {
            if (all.get(i).connections() > before.get(i)) {
                return i + 1;
            }
        }
        return 0;
    }

    @Test
    void theFirstIsUsedWhileItCanBe() throws ResourceException {
        assertThat(open()).isEqualTo(1);
        assertThat(open()).isEqualTo(1);
        assertThat(logged.count("REPRISE0020")).isZero();
    }

    @Test
    void theNextIsUsedUntilTheNextIncident() throws Exception {
        open();
        first.refuse();
        assertThat(open()).isEqualTo(2);
        assertThat(logged.count("REPRISE0020")).isEqualTo(1);
        assertThat(match(factory, opened.get(0)))
                .as("not some here and some there")
                .isNull();
        first.accept();
        assertThat(open()).isEqualTo(2);
        RepriseManagedConnection settled = opened.get(2);
        assertThat(match(factory, settled)).isSameAs(settled);

        settled.host().lost(settled.host().physical(), new SQLException("seen by an application", "08006"));
        assertThat(open()).as("a suspicion is no incident").isEqualTo(2);
        second.refuse();
        second.resetAll();
        assertThat(match(factory, opened.get(3))).isNull();
        assertThat(open()).as("a new generation").isEqualTo(1);
    }

    @Test
    void oneThatNeverAnswersCostsOneConnectTimeout() throws Exception {
        first.blackHole(true);
        assertTimeout(Duration.ofMillis(2_900), () -> assertThat(open()).isEqualTo(2));
        assertTimeout(Duration.ofMillis(900), () -> assertThat(open()).isEqualTo(2));
    }

    /** As one for a lost session does, whose server was the first. */
    @Test
    void anErrandToAServerThatNeverAnswersCostsOneConnectTimeout() throws Exception {
        factory.setConnectTimeoutMillis("2000");
        open();
        PhysicalHolder host = opened.get(0).host();
        first.blackHole(true);
        assertTimeout(Duration.ofMillis(3_500), () -> host.release(host.control(host.physical())));
        assertThat(second.requests()).isPositive();
    }

    @Test
    void ifNoneCanBeReachedEachIsNamedWithWhatItSaid() {
        List.of(first, second, third).forEach(FaultProxy::refuse);
        assertThatExceptionOfType(ResourceAllocationException.class)
                .isThrownBy(this::open)
                .withMessageContaining("None of the servers can be used: jdbc:mariadb://127.0.0.1:" + first.port())
                .withMessageContaining("; jdbc:mariadb://127.0.0.1:" + second.port())
                .withMessageContaining("; jdbc:mariadb://127.0.0.1:" + third.port())
                .havingCause()
                .isInstanceOfSatisfying(SQLException.class, each -> {
                    assertThat(each.getSQLState()).isEqualTo("08001");
                    assertThat(each.getSuppressed()).hasSize(2);
                });
    }

    @Test
    void aWrongPasswordIsNotTriedElsewhere() {
        factory.setPassword("wrong");
        assertThatExceptionOfType(ResourceAllocationException.class)
                .isThrownBy(this::open)
                .withMessageContaining("Access denied");
        assertThat(second.connections() + third.connections()).isZero();
    }
}

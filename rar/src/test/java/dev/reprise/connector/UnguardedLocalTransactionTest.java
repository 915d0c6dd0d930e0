// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.xa.Bench;
import dev.reprise.xa.Pooled;
import dev.reprise.xa.Server;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is lost without the ledger is said, once, where local transactions are used. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnguardedLocalTransactionTest {

    @ParameterizedTest
    @EnumSource
    void isSaidOnceWhereNothingGuardsIt(Server server) throws Exception {
        var bench = new Bench(server);
        try (var logged = new Logged()) {
            var factory = bench.factory(3_000);
            Pooled first = bench.open(factory);
            first.xa();
            assertThat(logged.count("REPRISE0025")).isZero();

            first.local().begin();
            first.local().rollback();
            bench.open(factory).local().begin();

            assertThat(logged.count("REPRISE0025")).isEqualTo(server == Server.MARIADB ? 1 : 0);
        } finally {
            bench.close();
        }
    }
}

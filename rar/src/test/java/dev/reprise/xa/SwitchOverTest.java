// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.DatabaseServer;
import jakarta.resource.spi.ResourceAllocationException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another server takes the place of the primary: afterwards all work is done there, and nobody has been told a lie. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SwitchOverTest {

    private static final BranchId ACTIVE = BranchId.of("active");
    private static final BranchId ENDED = BranchId.of("ended");
    private static final BranchId PREPARED = BranchId.of("prepared");

    @ParameterizedTest
    @EnumSource
    void planned(Server server) throws Exception {
        play(server, true);
    }

    @ParameterizedTest
    @EnumSource
    void unplanned(Server server) throws Exception {
        play(server, false);
    }

    private static void play(Server server, boolean planned) throws Exception {
        try (var bench = new PairBench(server)) {
            RepriseManagedConnectionFactory factory = bench.factory(CommitGuard.AUTO);
            List<Pooled> idle = List.of(bench.idle(factory), bench.idle(factory));
            Pooled active = bench.open(factory);
            active.start(ACTIVE);
            active.insert("active");
            Pooled ended = bench.open(factory);
            ended.work(ENDED, "ended");
            Pooled prepared = bench.open(factory);
            prepared.work(PREPARED, "prepared");
            prepared.xa().prepare(PREPARED);
            bench.pair().awaitCaughtUp();
            if (server == Server.MARIADB) { // it counts a PREPARE as applied a moment before
                await().atMost(Bench.SOON)
                        .until(() -> !bench.pair().replica().preparedXids().isEmpty());
            }
            DatabaseServer old = bench.pair().primary();
            if (planned) {
                bench.pair().demote();
            } else {
                old.kill();
            }

            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> active.insert("more"));
            if (planned && server == Server.MARIADB) {
                await().atMost(Bench.SOON).until(() -> sessions(old) == 3); // those that are in use
            }
            active.end(ACTIVE);
            assertThat(Codes.code(() -> active.xa().commit(ACTIVE, true))).isEqualTo(XAException.XA_RBCOMMFAIL);
            assertThat(Codes.code(() -> prepared.xa().commit(PREPARED, false))).isEqualTo(XAException.XAER_RMFAIL);
            assertThatExceptionOfType(ResourceAllocationException.class)
                    .isThrownBy(() -> bench.open(factory))
                    .withMessageContaining("requiredRole=primary")
                    .withMessageContaining(bench.pair().replica().jdbcUrl().split("\\?", 2)[0]);
            bench.pair().promote();

            DatabaseServer now = bench.pair().primary();
            int told = Codes.code(() -> ended.xa().commit(ENDED, true));
            boolean answered = planned && server == Server.MARIADB;
            assertThat(told)
                    .as("a COMMIT that was sent to nobody is not known to be rolled back: it may have been replicated")
                    .isEqualTo(answered ? XAException.XA_RBROLLBACK : XAException.XA_HEURHAZ);
            for (Pooled each : idle) {
                assertThat(PairBench.matches(factory, each)).isFalse();
            }
            commit(bench.open(factory), "in two phases", false);
            commit(bench.open(factory), "in one phase", true);
            Pooled local = bench.open(factory);
            local.local().begin();
            local.insert("local");
            local.local().commit();
            recover(bench.open(factory).xa());

            for (String row : List.of("in two phases", "in one phase", "local", "prepared")) {
                assertThat(PairBench.isStored(now, row)).as(row).isTrue();
            }
            for (String row : List.of("active", "ended")) {
                assertThat(PairBench.isStored(now, row)).as(row).isFalse();
            }
            assertThat(now.preparedXids()).isEmpty();
            if (planned) {
                bench.pair().rejoin(); // nothing of ours is left on the old one that could stop it
                assertThat(PairBench.isStored(old, "prepared")).isTrue();
            }
        }
    }

    private static long sessions(DatabaseServer server) throws SQLException {
        return TestDatabase.number(
                server, "select count(*) from information_schema.processlist where user = '" + server.user() + "'");
    }

    private static void commit(Pooled pooled, String row, boolean onePhase) throws Exception {
        BranchId xid = BranchId.of(row);
        pooled.work(xid, row);
        if (!onePhase) {
            pooled.xa().prepare(xid);
        }
        pooled.xa().commit(xid, onePhase);
    }

    private static void recover(XAResource recovery) throws XAException {
        assertThat(recovery.recover(XAResource.TMSTARTRSCAN))
                .anyMatch(each -> BranchId.of("prepared").transaction().equals(text(each.getGlobalTransactionId())));
        recovery.commit(PREPARED, false);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}

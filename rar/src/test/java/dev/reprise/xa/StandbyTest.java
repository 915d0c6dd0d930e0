// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.FaultProxy;
import java.sql.SQLException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With requiredRole=any a replica is read from, until it is promoted. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StandbyTest {

    private static final BranchId ONE_PHASE = BranchId.of("read in one phase");
    private static final BranchId TWO_PHASES = BranchId.of("read in two phases");
    private static final BranchId REFUSED = BranchId.of("refused");

    @ParameterizedTest
    @EnumSource
    void isReadFromUntilItIsPromoted(Server server) throws Exception {
        try (var bench = new PairBench(server);
                var proxy = FaultProxy.of(bench.pair().replica())) {
            RepriseManagedConnectionFactory factory = bench.factory(CommitGuard.AUTO);
            factory.setUrl(bench.pair().replica().jdbcUrl(proxy.port()));
            factory.setFailoverUrls("");
            factory.setRequiredRole("any");
            factory.setPingAfterIdleMillis("600000");
            factory.setValidationTimeoutMillis("10000");

            Pooled reader = bench.open(factory);
            read(reader, ONE_PHASE);
            reader.xa().commit(ONE_PHASE, true);
            read(reader, TWO_PHASES);
            if (reader.xa().prepare(TWO_PHASES) != XAResource.XA_RDONLY) {
                reader.xa().commit(TWO_PHASES, false); // MariaDB has prepared it
            }
            reader.local().begin();
            reader.execute("select count(*) from work");
            reader.local().commit();
            assertThat(bench.pair().primary().preparedXids()).isEmpty();
            assertRefused(reader);
            reader.start(REFUSED);
            assertRefused(reader);
            reader.end(REFUSED);
            reader.xa().rollback(REFUSED);
            reader.managed().cleanup();
            assertThat(PairBench.matches(factory, reader))
                    .as("as healthy as before")
                    .isTrue();
            Pooled idle = bench.idle(factory);

            bench.pair().promote();
            Pooled user = bench.open(factory);
            user.insert("written");
            assertThat(PairBench.isStored(bench.pair().primary(), "written")).isTrue();
            boolean goesOn = server == Server.POSTGRESQL; // what was a standby looks like another server
            assertThat(PairBench.matches(factory, idle)).isEqualTo(goesOn);
            if (goesOn) {
                Pooled.execute(idle.newHandle(), "insert into work (name) values ('written, too')");
            }
        }
    }

    private static void read(Pooled reader, BranchId xid) throws Exception {
        reader.start(xid);
        reader.execute("select count(*) from work");
        reader.end(xid);
    }

    private static void assertRefused(Pooled reader) {
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> reader.insert("refused"));
    }

    /** PostgreSQL says so with whatever it answers next, and the driver keeps it. */
    @ParameterizedTest
    @EnumSource(names = "POSTGRESQL")
    void isHeardToBePromotedWithoutARequest(Server server) throws Exception {
        try (var bench = new PairBench(server);
                var proxy = FaultProxy.of(bench.pair().replica())) {
            RepriseManagedConnectionFactory factory = bench.factory(CommitGuard.AUTO);
            factory.setUrl(bench.pair().replica().jdbcUrl(proxy.port()));
            factory.setFailoverUrls("");
            factory.setRequiredRole("any");
            factory.setPingAfterIdleMillis("600000");
            Pooled reader = bench.open(factory);
            Pooled other = bench.idle(factory);
            reader.execute("select 1");
            long before = proxy.requests();
            assertThat(PairBench.matches(factory, other)).isTrue();
            assertThat(proxy.requests()).isEqualTo(before);

            bench.pair().promote();
            reader.execute("select 1");
            reader.managed().cleanup();
            before = proxy.requests();
            assertThat(PairBench.matches(factory, reader)).isFalse();
            assertThat(PairBench.matches(factory, other))
                    .as("one has told of all")
                    .isFalse();
            assertThat(proxy.requests() - before)
                    .as("what was heard is asked for once")
                    .isEqualTo(1);
        }
    }
}

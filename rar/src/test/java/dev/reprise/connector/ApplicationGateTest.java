// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.xa.Bench;
import dev.reprise.xa.Branch;
import dev.reprise.xa.BranchId;
import dev.reprise.xa.BranchResource;
import dev.reprise.xa.Pooled;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A call that was let in while the branch was open and fails when it is no longer. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApplicationGateTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final BranchId xid = BranchId.of(Bench.name());
    private final Branch branch = new Branch();
    private final Background background = new Background();
    private Pooled container;
    private PhysicalHolder host;
    private ApplicationGate gate;
    private XAResource resource;

    @BeforeEach
    void open() throws Exception {
        container = bench.open();
        var database = bench.database();
        var settings = Settings.of(Map.of(
                "url", database.jdbcUrl(),
                "connectTimeoutMillis", "3000",
                "validationTimeoutMillis", "3000",
                "controlTimeoutMillis", "15000"));
        host = new PhysicalHolder(
                new PhysicalConnections(settings, background), new Credentials(database.user(), database.password()));
        var events = new Events(container.managed());
        events.add(container);
        gate = new ApplicationGate(host, branch, new Handles(), events, new Enlistment(() -> null, Optional::empty));
        resource = new BranchResource(host, branch);
    }

    @AfterEach
    void close() {
        host.close();
        background.stop();
    }

    private void rollBackInAnotherThread() {
        CompletableFuture.runAsync(() -> {
                    try {
                        resource.rollback(xid);
                    } catch (XAException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .join();
    }

    @Test
    void aStatementThatFailsAfterItsBranchWasRolledBackIsNotOfUnknownOutcome() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        gate.enter();
        rollBackInAnotherThread();

        SQLException told = gate.failed(new SQLException("Socket error", "08000", -1), true);

        gate.exit();
        assertThat(told.getSQLState()).isEqualTo("08000");
        assertThat(container.events()).isEmpty();
    }

    @Test
    void aStatementOfAnotherThreadThatFailsAfterTheRollbackIsNotOfUnknownOutcome() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        CompletableFuture.runAsync(branch::enter).join();
        resource.rollback(xid);

        SQLException told = gate.failed(new SQLException("Socket error", "08000", -1), true);

        assertThat(told.getSQLState()).isEqualTo("08000");
        assertThat(container.events()).isEmpty();
    }

    @Test
    void nothingIsLetInAfterARollbackByAnotherThread() throws Exception {
        resource.start(xid, XAResource.TMNOFLAGS);
        rollBackInAnotherThread();

        assertThatExceptionOfType(SQLException.class).isThrownBy(gate::enter);

        assertThat(branch.inFlight()).isFalse();
    }
}

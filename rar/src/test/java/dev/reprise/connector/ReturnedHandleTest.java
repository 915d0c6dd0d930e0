// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.jdbc.ConnectionHandle;
import dev.reprise.jdbc.HandleOwner;
import dev.reprise.jdbc.LeftOpen;
import dev.reprise.jdbc.NoTransactions;
import dev.reprise.jdbc.SessionState;
import dev.reprise.xa.Bench;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A call is about to begin in one thread while another returns the connection. */
@Timeout(60)
class ReturnedHandleTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();

    /** Its handles become invalid when a call on them is counted, and not a moment earlier. */
    private static final class Returned implements HandleOwner {

        private final Connection physical;
        private final SessionState session = new SessionState();
        private final AtomicInteger inFlight = new AtomicInteger();
        private final ConnectionHandle handle;

        Returned(Connection physical) {
            this.physical = physical;
            this.handle = ConnectionHandle.of(physical, this, new NoTransactions());
        }

        @Override
        public Connection physical() {
            return physical;
        }

        @Override
        public void enter() {
            inFlight.incrementAndGet();
            handle.invalidate(this);
        }

        @Override
        public void exit() {
            inFlight.decrementAndGet();
        }

        @Override
        public SQLException failed(SQLException e, boolean mayHaveCommitted) {
            return e;
        }

        @Override
        public void sees(String sql) {
            // all is allowed
        }

        @Override
        public void unwrapped() {
            // nobody asks
        }

        @Override
        public void closed(ConnectionHandle closed, LeftOpen left) {
            // not called
        }

        @Override
        public void abort() {
            // not called
        }

        @Override
        public boolean inManagedTransaction() {
            return false;
        }

        @Override
        public int patienceMillis() {
            return 1_000;
        }

        @Override
        public boolean savepointsAllowed() {
            return true;
        }

        @Override
        public SessionState session() {
            return session;
        }
    }

    @Test
    void aCallThatWasAboutToBeginRanOnTheReturnedConnection() throws Exception {
        try (Connection physical = bench.database().connect()) {
            var owner = new Returned(physical);
            Statement statement = owner.handle.createStatement();

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("insert into work (name) values ('" + row + "')"));

            assertThat(bench.isStored(row)).isFalse();
            assertThat(owner.inFlight).hasValue(0);
        }
    }
}

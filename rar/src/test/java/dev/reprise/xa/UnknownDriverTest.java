// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a driver throws, a transaction manager is told nothing that it would read as committed. */
@Timeout(60)
class UnknownDriverTest {

    @SuppressWarnings("ImmutableEnumChecker") // its lambdas capture nothing
    enum Thrown implements Supplier<Exception> {
        RUNTIME(() -> new IllegalStateException("a bug of the driver")),
        ZERO(() -> xa(0)),
        RMERR(() -> xa(XAException.XAER_RMERR)),
        RMFAIL(() -> xa(XAException.XAER_RMFAIL)),
        NOTA(() -> xa(XAException.XAER_NOTA)),
        PROTO(() -> xa(XAException.XAER_PROTO)),
        HEURCOM(() -> xa(XAException.XA_HEURCOM)),
        RETRY(() -> xa(XAException.XA_RETRY)),
        NO_CODE_OF_XA(() -> xa(4711));

        private final Supplier<Exception> failure;

        Thrown(Supplier<Exception> failure) {
            this.failure = failure;
        }

        @Override
        public Exception get() {
            return failure.get();
        }

        /** A code that leaves it open what the server has done. */
        boolean saysNothing() {
            return this == RMFAIL || this == HEURCOM;
        }

        private static XAException xa(int code) {
            var exception = new XAException("as told");
            exception.errorCode = code;
            return exception;
        }
    }

    @RegisterExtension
    final Bench bench = new Bench();

    private final BranchId xid = BranchId.of(Bench.name());
    private Pooled pooled;

    @BeforeEach
    void open() throws Exception {
        StubDataSource.FAILURES.clear();
        var factory = bench.factory(1_000);
        factory.setXaDataSourceClass(StubDataSource.class.getName());
        factory.setGuardTimeoutSeconds("1");
        pooled = bench.open(factory);
    }

    @AfterEach
    void clear() {
        StubDataSource.FAILURES.clear();
    }

    /** After work that may have written. */
    private void ended() throws Exception {
        pooled.start(xid);
        pooled.handle().createStatement();
        pooled.end(xid);
    }

    @ParameterizedTest
    @EnumSource
    void start(Thrown thrown) {
        StubDataSource.FAILURES.put("start", thrown);

        Codes.failure(() -> pooled.start(xid));
    }

    @ParameterizedTest
    @EnumSource
    void endThatIsRefusedAndRolledBackIsRolledBack(Thrown thrown) throws Exception {
        ended();
        StubDataSource.FAILURES.put("end", thrown);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true)))
                .isEqualTo(thrown.saysNothing() ? XAException.XA_RBCOMMFAIL : XAException.XA_RBROLLBACK);
    }

    @ParameterizedTest
    @EnumSource
    void onePhaseCommitOfWhichNothingIsKnownIsUnknown(Thrown thrown) throws Exception {
        ended();
        StubDataSource.FAILURES.put("commit", thrown);
        StubDataSource.FAILURES.put("rollback", thrown);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_HEURHAZ);
    }

    @ParameterizedTest
    @EnumSource
    void onePhaseCommitThatIsRefusedAndRolledBackIsRolledBack(Thrown thrown) throws Exception {
        ended();
        StubDataSource.FAILURES.put("commit", thrown);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true)))
                .isEqualTo(thrown.saysNothing() ? XAException.XA_HEURHAZ : XAException.XA_RBROLLBACK);
    }

    @ParameterizedTest
    @EnumSource
    void prepareThatIsRefusedAndRolledBackIsRolledBack(Thrown thrown) throws Exception {
        ended();
        StubDataSource.FAILURES.put("prepare", thrown);

        assertThat(Codes.code(() -> pooled.xa().prepare(xid)))
                .isEqualTo(thrown.saysNothing() ? XAException.XA_RBCOMMFAIL : XAException.XA_RBROLLBACK);
    }

    @ParameterizedTest
    @EnumSource
    void secondPhaseIsLeftToRecovery(Thrown thrown) throws Exception {
        ended();
        pooled.xa().prepare(xid);
        StubDataSource.FAILURES.put("commit", thrown);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, false)))
                .isEqualTo(thrown == Thrown.NOTA ? XAException.XAER_NOTA : XAException.XAER_RMFAIL);
    }

    @ParameterizedTest
    @EnumSource
    void rollbackOfAPreparedBranchThatCannotBeLookedForIsLeftToRecovery(Thrown thrown) throws Exception {
        ended();
        pooled.xa().prepare(xid);
        StubDataSource.FAILURES.put("rollback", thrown);
        StubDataSource.FAILURES.put("recover", thrown);

        assertThat(Codes.code(() -> pooled.xa().rollback(xid))).isEqualTo(XAException.XAER_RMFAIL);
        assertThat(Codes.code(() -> pooled.xa().rollback(xid))).isEqualTo(XAException.XAER_RMFAIL);
    }

    @ParameterizedTest
    @EnumSource
    void rollbackOfAnUnpreparedBranchReturns(Thrown thrown) throws Exception {
        pooled.start(xid);
        StubDataSource.FAILURES.put("end", thrown);
        StubDataSource.FAILURES.put("rollback", thrown);

        pooled.xa().rollback(xid);
    }

    @ParameterizedTest
    @EnumSource
    void recoverIsNeverEmptyBecauseItFailed(Thrown thrown) {
        StubDataSource.FAILURES.put("recover", thrown);

        assertThat(Codes.code(() -> pooled.xa().recover(XAResource.TMSTARTRSCAN)))
                .isEqualTo(XAException.XAER_RMFAIL);
    }

    @Test
    void aDriverThatFailsWhenItIsAskedOnAnotherConnectionSaysNothingEither() throws Exception {
        ended();
        StubDataSource.FAILURES.put("commit", Thrown.RMFAIL);
        StubDataSource.FAILURES.put("connect", Thrown.RUNTIME);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_HEURHAZ);
    }
}

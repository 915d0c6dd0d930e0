// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The protocol, with nothing lost: against the rows and the prepared branches of the server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BranchResourceTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    @Test
    void commitsInOnePhase() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);

        pooled.xa().commit(xid, true);

        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void commitsInTwoPhases() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);

        assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_OK);
        assertThat(bench.isPrepared(xid)).isTrue();
        pooled.xa().commit(xid, false);

        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.isPrepared(xid)).isFalse();
    }

    @Test
    void aConnectionDoesOneBranchAfterTheOther() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);
        pooled.xa().rollback(xid);
        BranchId second = BranchId.of(row + "b");

        pooled.work(second, row + "b");
        pooled.xa().commit(second, true);

        assertThat(bench.isStored(row)).isFalse();
        assertThat(bench.isStored(row + "b")).isTrue();
    }

    @Test
    void theSameXidCanBeStartedAgainAfterItsRollback() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);
        pooled.xa().rollback(xid);

        pooled.work(xid, row);
        pooled.xa().commit(xid, true);

        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void joinAndResumeGoOnWithTheOwnEndedBranch() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.xa().end(xid, XAResource.TMSUSPEND);
        pooled.xa().start(xid, XAResource.TMRESUME);
        pooled.insert(row);
        pooled.end(xid);
        pooled.xa().start(xid, XAResource.TMJOIN);
        pooled.insert(row + "b");
        pooled.end(xid);

        pooled.xa().commit(xid, true);

        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.isStored(row + "b")).isTrue();
    }

    @Test
    void aBranchOfAnotherConnectionIsNotJoined() throws Exception {
        Pooled owner = bench.open();
        owner.work(xid, row);
        Pooled other = bench.open();

        assertThat(Codes.code(() -> other.xa().start(xid, XAResource.TMJOIN))).isEqualTo(XAException.XAER_PROTO);
        assertThat(Codes.code(() -> other.xa().start(xid, XAResource.TMRESUME))).isEqualTo(XAException.XAER_PROTO);
        owner.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void aSuspendedBranchTakesNoStatements() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.xa().end(xid, XAResource.TMSUSPEND);

        assertThatCode(() -> pooled.insert(row)).isInstanceOf(SQLException.class);

        pooled.xa().rollback(xid);
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void anEndWithFailureIsRememberedUntilCommit() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        pooled.xa().end(xid, XAResource.TMFAIL);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_RBROLLBACK);
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void anEndWithFailureIsRememberedUntilPrepare() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        pooled.xa().end(xid, XAResource.TMFAIL);

        assertThat(Codes.code(() -> pooled.xa().prepare(xid))).isEqualTo(XAException.XA_RBROLLBACK);
        assertThat(bench.isPrepared(xid)).isFalse();
        assertThatCode(() -> pooled.xa().rollback(xid)).doesNotThrowAnyException();
    }

    @Test
    void twoConnectionsAreNeverTheSameResourceManager() throws Exception {
        RepriseManagedConnectionFactory factory = bench.factory(5_000);
        XAResource one = bench.open(factory).xa();
        XAResource other = bench.open(factory).xa();

        assertThat(one.isSameRM(other)).isFalse();
        assertThat(one.isSameRM(one)).isTrue();
    }

    @Test
    void rollbackCanBeSaidAgain() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);

        pooled.xa().rollback(xid);
        pooled.xa().rollback(xid);

        assertThat(bench.isStored(row)).isFalse();
        bench.administer("insert into work (name) values ('" + row + "')");
    }

    @Test
    void rollbackNeedsNoEnd() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);

        pooled.xa().rollback(xid);

        bench.administer("insert into work (name) values ('" + row + "')");
        pooled.insert(row + "b");
        assertThat(bench.isStored(row + "b")).isTrue();
    }

    @Test
    void afterARollbackTheBranchIsNeitherEndedNorPreparedNorCommitted() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        pooled.xa().rollback(xid);

        assertThat(Codes.code(() -> pooled.end(xid))).isEqualTo(XAException.XA_RBROLLBACK);
        assertThat(Codes.code(() -> pooled.xa().prepare(xid))).isEqualTo(XAException.XA_RBROLLBACK);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_RBROLLBACK);
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void aPreparedBranchIsRolledBack() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);
        pooled.xa().prepare(xid);

        pooled.xa().rollback(xid);

        assertThat(bench.isPrepared(xid)).isFalse();
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void aBranchThatHasNotEndedIsNotCompleted() throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);

        assertThat(Codes.code(() -> pooled.xa().prepare(xid))).isEqualTo(XAException.XAER_PROTO);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XAER_PROTO);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, false))).isEqualTo(XAException.XAER_PROTO);

        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void anUnknownXidIsNeitherEndedNorCommitted() throws Exception {
        Pooled pooled = bench.open();

        assertThat(Codes.code(() -> pooled.end(xid))).isEqualTo(XAException.XAER_NOTA);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XAER_NOTA);
        assertThat(Codes.code(() -> pooled.xa().prepare(xid))).isEqualTo(XAException.XAER_NOTA);
        assertThat(Codes.code(() -> pooled.xa().commit(xid, false))).isEqualTo(XAException.XAER_NOTA);
    }

    @Test
    void anXidThatAnotherConnectionWorksOnIsADuplicate() throws Exception {
        bench.open().work(xid, row);
        Pooled other = bench.open();

        assertThat(Codes.code(() -> other.start(xid))).isEqualTo(XAException.XAER_DUPID);
        other.insert(row + "b");
        assertThat(bench.isStored(row + "b")).isTrue();
    }

    @Test
    void theOwnXidIsNotStartedTwice() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);

        assertThat(Codes.code(() -> pooled.start(xid))).isEqualTo(XAException.XAER_DUPID);
        assertThat(Codes.code(() -> pooled.start(BranchId.of(row + "b")))).isEqualTo(XAException.XAER_PROTO);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void unknownFlagsAreRefused() throws Exception {
        Pooled pooled = bench.open();

        assertThat(Codes.code(() -> pooled.xa().start(xid, XAResource.TMFAIL))).isEqualTo(XAException.XAER_INVAL);
        pooled.start(xid);
        assertThat(Codes.code(() -> pooled.xa().end(xid, XAResource.TMNOFLAGS))).isEqualTo(XAException.XAER_INVAL);
    }

    @Test
    void aBranchIsNotStartedWhileTheApplicationsOwnTransactionIsOpen() throws Exception {
        Pooled pooled = bench.open();
        pooled.handle().setAutoCommit(false);
        pooled.insert(row);

        assertThat(Codes.code(() -> pooled.start(xid))).isEqualTo(XAException.XAER_OUTSIDE);

        pooled.handle().commit();
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void forgetDoesNotTouchAPreparedBranch() throws Exception {
        Pooled pooled = bench.open();
        pooled.work(xid, row);
        pooled.xa().prepare(xid);

        pooled.xa().forget(xid);
        bench.open().xa().forget(xid);

        assertThat(bench.isPrepared(xid)).isTrue();
        pooled.xa().commit(xid, false);
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void remembersTheTransactionTimeout() throws Exception {
        XAResource resource = bench.open().xa();

        assertThat(resource.setTransactionTimeout(30)).isTrue();
        assertThat(resource.getTransactionTimeout()).isEqualTo(30);
        assertThat(resource.setTransactionTimeout(-1)).isFalse();
    }
}

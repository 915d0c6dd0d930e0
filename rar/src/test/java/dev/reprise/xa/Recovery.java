// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.awaitility.Awaitility;

/** What a transaction manager does later, with a connection of its own, to branches that were left to it. */
final class Recovery {

    private Recovery() {}

    /** A prepared branch with an inserted row, whose session is gone. */
    static void leavePrepared(Bench bench, BranchId xid, String row) throws Exception {
        Pooled pooled = bench.open();
        long session = pooled.work(xid, row);
        pooled.xa().prepare(xid);
        bench.kill(session);
        assertThat(bench.isPrepared(xid)).isTrue();
    }

    /** Commits it if it is listed, as soon as the server allows it; and it may never be denied as long as it is. */
    static void commit(Bench bench, BranchId xid) throws Exception {
        XAResource recovery = bench.open().xa();
        Awaitility.await().atMost(Bench.SOON).until(() -> {
            boolean listed = bench.isPrepared(xid);
            try {
                recovery.commit(xid, false);
                return true;
            } catch (XAException e) {
                assertThat(e.errorCode).isEqualTo(listed ? XAException.XAER_RMFAIL : XAException.XAER_NOTA);
                return !listed;
            }
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.util.EnumMap;
import java.util.Map;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** An XA resource that does nothing, but fails where it is told to. */
final class FailingResource implements XAResource {
    enum Call {
        END,
        ONE_PHASE,
        PREPARE,
        SECOND_PHASE,
        ROLLBACK
    }

    private final Map<Call, Exception> failures = new EnumMap<>(Call.class);

    /** An XAException, or a RuntimeException. */
    FailingResource at(Call call, Exception failure) {
        failures.put(call, failure);
        return this;
    }

    private void reached(Call call) throws XAException {
        Exception failure = failures.get(call);
        if (failure instanceof XAException xa) {
            throw xa;
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        reached(Call.END);
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        reached(onePhase ? Call.ONE_PHASE : Call.SECOND_PHASE);
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        reached(Call.PREPARE);
        return XA_OK;
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        reached(Call.ROLLBACK);
    }

    @Override
    public void start(Xid xid, int flags) {}

    @Override
    public void forget(Xid xid) {}

    @Override
    public Xid[] recover(int flag) {
        return new Xid[0];
    }

    @Override
    public boolean isSameRM(XAResource other) {
        return this == other;
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }
}

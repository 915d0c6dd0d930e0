// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;

/** A transaction whose commit or rollback is done, and then fails nevertheless. */
record FailingTransaction(UserTransaction real, String method, SystemException failure) implements UserTransaction {
    private void reached(String reached) throws SystemException {
        if (reached.equals(method)) {
            throw failure;
        }
    }

    @Override
    public void begin() throws NotSupportedException, SystemException {
        real.begin();
    }

    @Override
    public void commit()
            throws RollbackException, HeuristicMixedException, HeuristicRollbackException, SystemException {
        real.commit();
        reached("commit");
    }

    @Override
    public void rollback() throws SystemException {
        real.rollback();
        reached("rollback");
    }

    @Override
    public void setRollbackOnly() throws SystemException {
        real.setRollbackOnly();
    }

    @Override
    public int getStatus() throws SystemException {
        return real.getStatus();
    }

    @Override
    public void setTransactionTimeout(int seconds) throws SystemException {
        real.setTransactionTimeout(seconds);
    }
}

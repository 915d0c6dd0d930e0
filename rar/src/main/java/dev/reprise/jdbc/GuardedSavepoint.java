// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Target;
import java.sql.SQLException;
import java.sql.Savepoint;

/** A savepoint that stays the application's, whatever session its transaction is on. */
final class GuardedSavepoint implements Savepoint, Target {

    private Savepoint delegate;

    GuardedSavepoint(Savepoint delegate) {
        this.delegate = delegate;
    }

    /** The driver's own behind one of ours. */
    static Savepoint driversOwn(Savepoint savepoint) {
        return savepoint instanceof GuardedSavepoint guarded ? guarded.delegate : savepoint;
    }

    @Override
    public int getSavepointId() throws SQLException {
        return delegate.getSavepointId();
    }

    @Override
    public String getSavepointName() throws SQLException {
        return delegate.getSavepointName();
    }

    @Override
    public Object driverObject() {
        return delegate;
    }

    @Override
    public void driverObject(Object fresh) {
        delegate = (Savepoint) fresh;
    }

    @Override
    public boolean isLeftBehind() {
        return false;
    }
}

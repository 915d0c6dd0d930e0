// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import org.jspecify.annotations.Nullable;

/** What all generated {@code Guarded*} classes share: the driver's object, and the connection handle it came from. */
abstract class Guarded<D extends Wrapper> implements Wrapper {

    final D delegate;
    final ConnectionHandle handle;

    private final @Nullable Guarded<?> parent;
    private final int association;
    private int ownTimeout = TransactionTime.UNCHANGED;

    /** @param parent what this was made by; null for the connection handle itself */
    Guarded(D delegate, @Nullable Guarded<?> parent) {
        this.delegate = delegate;
        this.parent = parent;
        this.handle = parent == null ? (ConnectionHandle) (Guarded<?>) this : parent.handle;
        this.association = handle.association();
    }

    /** The driver's object to call, if the handle is still open. */
    D delegate() throws SQLException {
        handle.owner();
        if (association != handle.association()) {
            throw new SQLException("It was made by a connection that its handle no longer has", "08003");
        }
        return delegate;
    }

    final boolean isOpen() {
        return !handle.isClosed();
    }

    /** The handle is looked at again once the call is counted: whoever invalidates it looks at the count afterwards. */
    final HandleOwner enter() throws SQLException {
        HandleOwner owner = handle.owner();
        owner.enter();
        if (!isOpen()) {
            owner.exit();
            throw new SQLException("The connection is closed", "08003");
        }
        return owner;
    }

    /** A call begins, with {@link #exit} at its end, that may have to end with its transaction. */
    final void limit(HandleOwner owner) throws SQLException {
        if (handle.rules().withinTransaction() && delegate instanceof Statement statement) {
            ownTimeout = TransactionTime.impose(statement, owner);
        }
    }

    /** What the call gave stands, whatever comes of the timeout. */
    final void exit(HandleOwner owner) {
        owner.exit();
        if (ownTimeout != TransactionTime.UNCHANGED && delegate instanceof Statement statement) {
            int own = ownTimeout;
            ownTimeout = TransactionTime.UNCHANGED;
            try {
                TransactionTime.lift(statement, own);
            } catch (SQLException e) {
                owner.failed(e, false);
            }
        }
    }

    final SQLException failed(SQLException e) {
        return handle.failed(e, false);
    }

    /** A call failed that made the server run something. */
    static SQLException failed(HandleOwner owner, SQLException e) {
        return owner.failed(e, owner.session().autoCommit());
    }

    /** The driver's object was closed. */
    void closed() {
        if (this instanceof Statement statement) {
            handle.forget(statement);
        }
    }

    final Connection guard(Connection connection) {
        return handle;
    }

    @Nullable Statement guard(@Nullable Statement statement) throws SQLException {
        if (statement == null) {
            return null;
        }
        return parent instanceof Statement creator ? creator : new GuardedStatement<>(statement, this);
    }

    PreparedStatement guard(PreparedStatement statement) throws SQLException {
        return new GuardedPreparedStatement<>(statement, this);
    }

    CallableStatement guard(CallableStatement statement) throws SQLException {
        return new GuardedCallableStatement<>(statement, this);
    }

    final @Nullable ResultSet guard(@Nullable ResultSet results) {
        return results == null ? null : new GuardedResultSet<>(results, this);
    }

    final DatabaseMetaData guard(DatabaseMetaData metaData) {
        return new GuardedDatabaseMetaData<>(metaData, this);
    }

    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        D driver = delegate();
        handle.owner().unwrapped();
        return type.isInstance(driver) ? type.cast(driver) : driver.unwrap(type);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(delegate) || delegate().isWrapperFor(type);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Kind;
import dev.reprise.replay.Part;
import dev.reprise.replay.Recording;
import dev.reprise.replay.Step;
import dev.reprise.replay.Target;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all generated {@code Guarded*} classes share: the driver's object, and the connection handle it came from. */
abstract class Guarded<D extends Wrapper> implements Wrapper, Target {

    /** Another one after a replay. */
    D delegate;

    final ConnectionHandle handle;

    private final @Nullable Guarded<?> parent;
    private final int association;
    private int ownTimeout = TransactionTime.UNCHANGED;
    private @Nullable Recording madeIn;

    /** @param parent what this was made by; null for the connection handle itself */
    Guarded(D delegate, @Nullable Guarded<?> parent) {
        this.delegate = delegate;
        this.parent = parent;
        this.handle = parent == null ? (ConnectionHandle) (Guarded<?>) this : parent.handle;
        this.association = parent == null ? 0 : handle.association();
    }

    /** The driver's object to call, if the handle is still open. */
    D delegate() throws SQLException {
        open();
        if (association != handle.association()) {
            throw new SQLException("It was made by a connection that its handle no longer has", "08003");
        }
        return delegate;
    }

    /** What the handle works on, whatever transaction the calling thread is in. */
    private HandleOwner open() throws SQLException {
        HandleOwner current = handle.current();
        if (current == null) {
            throw new SQLException("The connection is closed", "08003");
        }
        return current;
    }

    /** What a call of the application has to ask first. */
    HandleOwner owner() throws SQLException {
        return open();
    }

    final boolean isOpen() {
        return !handle.isClosed();
    }

    /** The handle is looked at again once the call is counted: whoever invalidates it looks at the count afterwards. */
    final HandleOwner enter() throws SQLException {
        HandleOwner owner = open();
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

    /** A call of the driver, which is made once more if it was lost and that could be made good. */
    final <R extends @Nullable Object> R call(
            Kind kind, Step<? super D, R> step, int index, long number, @Nullable Object value) throws SQLException {
        Object kept = kept(value);
        while (true) {
            D target = delegate();
            R result;
            try {
                result = step.on(target, index, number, kept);
            } catch (SQLException e) {
                throwUnlessMadeGood(kind, step, index, number, kept, e, failed -> failed(failed));
                continue;
            }
            gave(called(kind, step, index, number, kept), result);
            return result;
        }
    }

    /** As {@link #call}, of one that waits no longer than its owner. */
    final <R extends @Nullable Object> R patiently(
            Step<? super D, R> step, int index, long number, @Nullable Object value) throws SQLException {
        Object kept = kept(value);
        while (true) {
            D target = delegate();
            boolean imposed = handle.imposePatience((Connection) target);
            R result;
            try {
                result = step.on(target, index, number, kept);
            } catch (SQLException e) {
                throwUnlessMadeGood(Kind.PLAIN, step, index, number, kept, e, failed -> failed(failed));
                continue;
            } finally {
                handle.liftPatience((Connection) target, imposed);
            }
            gave(called(Kind.PLAIN, step, index, number, kept), result);
            return result;
        }
    }

    /** As {@link #call}, of one that makes the server run something. */
    final <R extends @Nullable Object> R run(Step<? super D, R> step, int index, long number, @Nullable Object value)
            throws SQLException {
        Object kept = kept(value);
        D target = delegate();
        HandleOwner owner = enter();
        try {
            while (true) {
                R result;
                try {
                    owner.begin();
                    limit(owner);
                    result = step.on(target, index, number, kept);
                } catch (SQLException e) {
                    throwUnlessMadeGood(Kind.RUNS, step, index, number, kept, e, failed -> failed(owner, failed));
                    target = delegate();
                    continue;
                }
                gave(called(Kind.RUNS, step, index, number, kept), result);
                return result;
            }
        } finally {
            exit(owner);
        }
    }

    /** A call of the driver that any thread may make: it is neither recorded nor made once more. */
    final <R extends @Nullable Object> R direct(Step<? super D, R> step, int index, long number, @Nullable Object value)
            throws SQLException {
        D target = delegate();
        try {
            return step.on(target, index, number, value);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** As {@link #call}, of one that does nothing to what comes later: it is not recorded. */
    final <R extends @Nullable Object> R pass(Step<? super D, R> step, int index, long number, @Nullable Object value)
            throws SQLException {
        while (true) {
            D target = delegate();
            try {
                return step.on(target, index, number, value);
            } catch (SQLException e) {
                throwUnlessMadeGood(e);
            }
        }
    }

    /** Closing what is closed does nothing, also where it was closed with its connection. */
    final void closeBy(Step<? super D, ?> step) throws SQLException {
        if (isOpen()) {
            try {
                close(step);
            } finally {
                closed();
            }
        }
    }

    private void close(Step<? super D, ?> step) throws SQLException {
        while (true) {
            try {
                step.on(delegate, 0, 0, null);
            } catch (SQLException e) {
                throwUnlessMadeGood(e);
                continue;
            }
            Recording recording = madeIn;
            if (recording != null) {
                recording.called(this, step, Kind.PLAIN, 0, 0, null);
            }
            return;
        }
    }

    private void throwUnlessMadeGood(SQLException e) throws SQLException {
        if (!handle.makesGood(e)) {
            throw failed(e);
        }
    }

    /** @return null if what the call gave need not be said */
    private @Nullable Recording called(
            Kind kind, Step<? super D, ?> step, int index, long number, @Nullable Object value) {
        Recording recording = recording();
        return recording != null && recording.called(this, step, kind, index, number, value) ? recording : null;
    }

    private static void gave(@Nullable Recording recording, @Nullable Object result) throws SQLException {
        if (recording != null) {
            recording.gave(result);
        }
    }

    private void throwUnlessMadeGood(
            Kind kind,
            Step<? super D, ?> step,
            int index,
            long number,
            @Nullable Object value,
            SQLException e,
            UnaryOperator<SQLException> failure)
            throws SQLException {
        if (!handle.makesGood(e)) {
            Recording recording = called(kind, step, index, number, value);
            if (recording != null) {
                recording.failed(e);
            }
            throw failure.apply(e);
        }
    }

    /** Whether a transaction that was recorded has made it. */
    final boolean isRecorded() {
        return madeIn != null;
    }

    /** Whether the transaction that has made it is recorded still. */
    final boolean goesOn() {
        Recording recording = madeIn;
        return recording != null && recording.goesOn();
    }

    /** As the handle's, of this. */
    final Part part(Recording recording) {
        return handle.part(recording, association);
    }

    /** Null if nothing is recorded; what this transaction has not made it cannot make once more. */
    final @Nullable Recording recording() {
        return handle.records() ? ofTransaction() : null;
    }

    private @Nullable Recording ofTransaction() {
        return goesOn() ? madeIn : notItsOwn();
    }

    private @Nullable Recording notItsOwn() {
        Recording recording = handle.currentRecording();
        if (recording != null && parent != null && recording != madeIn) {
            recording.taint("something older than the transaction was used: "
                    + getClass().getSimpleName());
        }
        return recording;
    }

    /** A call follows that cannot be made once more. */
    final void taint(String call) {
        Recording recording = handle.currentRecording();
        if (recording != null) {
            recording.taint(call + " was called");
        }
    }

    /** What nobody changes later, where that matters. */
    private @Nullable Object kept(@Nullable Object value) {
        if (value == null || value instanceof String) {
            return value;
        }
        Recording recording = recording();
        return recording == null ? value : recording.kept(value);
    }

    @Override
    public final @Nullable Object driverObject() {
        return parent == null ? null : delegate;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void driverObject(Object fresh) throws SQLException {
        delegate = (D) fresh;
        if (fresh instanceof Statement statement && parent instanceof ConnectionHandle) {
            handle.limited(statement);
        }
    }

    @Override
    public final boolean isLeftBehind() {
        return !isOpen();
    }

    /** The application gets this for what the last call gave. */
    final <G extends Guarded<?>> G made(G made) {
        Recording recording = recording();
        if (recording != null && recording.made(made, made.delegate)) {
            ((Guarded<?>) made).madeIn = recording;
        }
        return made;
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
        return parent instanceof Statement creator ? creator : made(new GuardedStatement<>(statement, this));
    }

    PreparedStatement guard(PreparedStatement statement) throws SQLException {
        return made(new GuardedPreparedStatement<>(statement, this));
    }

    CallableStatement guard(CallableStatement statement) throws SQLException {
        return made(new GuardedCallableStatement<>(statement, this));
    }

    final @Nullable ResultSet guard(@Nullable ResultSet results) throws SQLException {
        if (results == null) {
            return null;
        }
        return made(handle.records() ? new RecordedResultSet<>(results, this) : new GuardedResultSet<>(results, this));
    }

    final DatabaseMetaData guard(DatabaseMetaData metaData) throws SQLException {
        return made(new GuardedDatabaseMetaData<>(metaData, this));
    }

    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        D driver = delegate();
        open().unwrapped();
        return type.isInstance(driver) ? type.cast(driver) : driver.unwrap(type);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(delegate) || delegate().isWrapperFor(type);
    }
}

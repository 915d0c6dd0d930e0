// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction has done, and seen. As long as nothing taints it, it can be done {@linkplain #again once more} on
 * another connection. One thread at a time, as JDBC connections are used.
 */
public final class Recording {

    /** What a call gave that the application has got as an object of ours. */
    private static final Object MADE = "made";

    private static final int CALL = 64;

    private static final int READING = 500;

    private final Recordings all;
    private final Reused<Call> calls;
    private boolean goesOn = true;
    private boolean roomIsTaken;
    private long bytes;
    private @Nullable String taint;
    private @Nullable Object last;
    private @Nullable Target lastTarget;
    private final List<Part> parts = new ArrayList<>(1);

    static final class Call implements Reused.Element {
        /** Null: that of the call before. */
        private @Nullable Target target;

        private @Nullable Step<Object, ?> step;
        private Kind kind = Kind.PLAIN;
        private int index;
        private long number;
        private @Nullable Object value;
        private @Nullable Object seen;
        private @Nullable Target made;

        @Override
        public void clear() {
            target = null;
            value = null;
            seen = null;
            made = null;
        }

        @Nullable Object on(Object driverObject) throws SQLException {
            return Objects.requireNonNull(step).on(driverObject, index, number, value);
        }
    }

    /** What it takes to run statements again that is not the recording's own. */
    public interface Conditions {

        /** In the transaction that the next one belongs to. */
        void begin() throws SQLException;

        /** The next one is to generate this key. */
        void pin(long key) throws SQLException;

        /** Whether a failure is not the statement's own. */
        boolean isLoss(SQLException e);

        /** Whether the same may succeed a little later. */
        boolean isPassing(SQLException e);
    }

    Recording(Recordings all) {
        this.all = all;
        this.calls = all.calls();
    }

    /** Whether what is done now belongs to it: its transaction is not over, and nothing has tainted it. */
    public boolean goesOn() {
        return goesOn;
    }

    /** Its transaction is over. Any thread may say so, while another one may still be in a call. */
    synchronized void end() {
        goesOn = false;
        parts.forEach(Part::end);
    }

    /** For a handle that has none in it which goes on. */
    public synchronized Part part() {
        if (!goesOn) {
            return Part.NONE;
        }
        var part = new Part();
        parts.add(part);
        return part;
    }

    public int calls() {
        return calls.size();
    }

    /** Why it cannot be done once more; the first reason. */
    public Optional<String> taint() {
        return Optional.ofNullable(taint);
    }

    public void taint(String reason) {
        if (goesOn) {
            end();
            taint = reason;
            calls.clear();
            last = null;
            lastTarget = null;
        }
    }

    void grows(long more) {
        bytes += more;
        if (bytes > all.maxBytes()) {
            taint("more than " + all.maxBytes() + " bytes would have to be kept");
        }
    }

    /**
     * A call was made; what it gave follows, or how it failed.
     *
     * @param value {@linkplain #kept}
     * @return false if there is nothing more to be said of it
     */
    @SuppressWarnings({"ReferenceEquality", "unchecked"})
    public <D> boolean called(
            Target target, Step<? super D, ?> step, Kind kind, int index, long number, @Nullable Object value) {
        if (!goesOn) {
            return false;
        }
        if (calls.size() == all.maxCalls()) {
            taint("more than " + all.maxCalls() + " calls would have to be kept");
            return false;
        }
        last = null;
        // what is there already is not written again: a garbage collector asks much for each reference that is written
        Call call = calls.add();
        if (target != lastTarget) {
            call.target = target;
            lastTarget = target;
        }
        if (call.step != step) {
            call.step = (Step<Object, ?>) step;
        }
        if (call.kind != kind) {
            call.kind = kind;
        }
        call.index = index;
        call.number = number;
        if (value == null) {
            grows(CALL);
        } else {
            call.value = value;
            grows(CALL + Values.size(value));
        }
        return goesOn;
    }

    /** What the call gave that was made last; it may fail, as the driver does. */
    public void gave(@Nullable Object result) throws SQLException {
        if (result == null) {
            return;
        }
        if (isMade(result)) {
            lastCall().seen = MADE;
            last = result;
            return;
        }
        Object seen = Values.seen(result);
        if (seen == null) {
            taint("a " + result.getClass().getName() + " was given");
        } else {
            lastCall().seen = seen;
            grows(Values.size(seen));
        }
    }

    /** How the call failed that was made last, and the transaction goes on. */
    public void failed(SQLException e) {
        lastCall().seen = Values.failure(e);
    }

    private Call lastCall() {
        return calls.get(calls.size() - 1);
    }

    private static boolean isMade(Object result) {
        return result instanceof Statement
                || result instanceof ResultSet
                || result instanceof Connection
                || result instanceof DatabaseMetaData
                || result instanceof Savepoint;
    }

    /**
     * The application has got this for what the last call gave.
     *
     * @return whether it can be made once more
     */
    public boolean made(Target made, Object driverObject) {
        if (!goesOn || !driverObject.equals(last)) {
            return false;
        }
        last = null;
        lastCall().made = made;
        return true;
    }

    /** To be filled with what is read of a result set. */
    public Reading reading() {
        grows(READING);
        return all.reading();
    }

    /** @return true once */
    boolean takesRoom() {
        boolean first = !roomIsTaken;
        roomIsTaken = true;
        return first;
    }

    /** What a call is given, as it is now. */
    public Object kept(Object value) {
        if (!goesOn) {
            return value;
        }
        Object kept = Values.kept(value);
        if (kept == null) {
            taint("a parameter of " + value.getClass().getName());
            return value;
        }
        return kept;
    }

    /**
     * Does it all once more, and leaves the application's objects with what has come of it.
     *
     * @param sameConnection whether the driver's objects of the first time are still there, and are closed now
     * @throws Differs if the application would have seen something else
     * @throws SQLException as it came from the driver, if it is worth another attempt
     */
    public void again(Connection connection, RowReader reader, Conditions conditions, boolean sameConnection)
            throws Differs, SQLException {
        Target target = null;
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            target = call.target == null ? Objects.requireNonNull(target) : call.target;
            if (call.kind == Kind.RUNS) {
                conditions.begin();
                pin(i, target, conditions);
            }
            Object first = sameConnection && call.made != null ? call.made.driverObject() : null;
            again(call, target, connection, reader, conditions);
            if (first instanceof Statement statement) {
                close(statement);
            }
        }
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            if (call.made != null
                    && call.made.isLeftBehind()
                    && call.made.driverObject() instanceof Statement statement) {
                statement.close();
            }
        }
    }

    /** It is not needed any more; if its connection is lost, the next call says so. */
    private static void close(Statement first) {
        try {
            first.close();
        } catch (SQLException e) {
            // it is of no more use, which is what was wanted
        }
    }

    private void pin(int runs, Target statement, Conditions conditions) throws SQLException {
        Target target = statement;
        for (int i = runs + 1; i < calls.size(); i++) {
            Call later = calls.get(i);
            target = later.target == null ? target : later.target;
            if (!target.equals(statement)) {
                continue;
            }
            if (later.kind == Kind.RUNS) {
                return;
            }
            Reading keys = later.made == null ? null : later.made.reading();
            if (later.kind == Kind.KEYS && keys != null && keys.hasFirstNumber()) {
                conditions.pin(keys.firstNumber());
                return;
            }
        }
    }

    private static void again(
            Call call, Target recorded, Connection connection, RowReader reader, Conditions conditions)
            throws Differs, SQLException {
        Object target = recorded.driverObject();
        Object result = null;
        Object seen;
        SQLException failure = null;
        try {
            result = call.on(target == null ? connection : target);
            seen = result == null ? null : MADE.equals(call.seen) ? MADE : Values.seen(result);
        } catch (SQLException e) {
            failure = e;
            seen = Values.failure(e);
        }
        if (failure != null && conditions.isLoss(failure)) {
            throw failure;
        }
        if (!Objects.equals(seen, call.seen)) {
            if (failure != null && conditions.isPassing(failure)) {
                throw failure;
            }
            throw new Differs("a call gave " + seen + " where it had given " + call.seen);
        }
        Target made = call.made;
        if (made != null && result != null) {
            Reading read = made.reading();
            made.driverObject(result);
            if (read != null && result instanceof ResultSet rows) {
                read.again(rows, reader);
            }
        }
    }
}

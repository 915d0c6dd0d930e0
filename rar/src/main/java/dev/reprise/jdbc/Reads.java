// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Differs;
import dev.reprise.replay.Part;
import dev.reprise.replay.Reading;
import dev.reprise.replay.Recording;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What is read of a result set is recorded where its transaction is. */
abstract class Reads<D extends ResultSet> extends GuardedResultSet<D> implements Part.Member {

    private @Nullable Reading reading;

    /** The same as long as it is part of a recording: then the driver's object may be called, too. */
    private volatile @Nullable Reading current;

    Reads(D delegate, @Nullable Guarded<?> parent) {
        super(delegate, parent);
    }

    @Override
    public final @Nullable Reading reading() {
        return reading;
    }

    @Override
    public final void partIsOver() {
        current = null;
    }

    /**
     * Where what is read next belongs to; null if that is nowhere, and the driver's object is to be asked for. Found before
     * the driver is called: only another thread could end the transaction meanwhile, and a result set is for one.
     */
    final @Nullable Reading current() throws SQLException {
        Reading now = current;
        return now == null ? started() : now;
    }

    /** A row that was reached in a transaction is that transaction's; what is made outside of any is nobody's. */
    private @Nullable Reading started() throws SQLException {
        return isRecorded() ? open() : null;
    }

    /** As {@link #current}, of the cursor. */
    final @Nullable Reading currentToMove() throws SQLException {
        Reading now = current;
        return now == null ? open() : now;
    }

    private @Nullable Reading open() throws SQLException {
        delegate();
        Recording recording = recording();
        if (recording == null || !recording.goesOn()) {
            return null;
        }
        Reading now = reading;
        if (now == null) {
            now = recording.reading();
            reading = now;
        }
        current = now;
        part(recording).join(this);
        return now;
    }

    static boolean moved(@Nullable Reading current, boolean more) {
        if (current != null) {
            current.next(more);
        }
        return more;
    }

    final void throwReadUnlessMadeGood(SQLException e) throws SQLException {
        if (!handle.makesGood(e)) {
            if (isOpen()) {
                taint("a method that failed");
            }
            throw failed(e);
        }
    }

    static boolean read(
            @Nullable Reading current,
            int method,
            int column,
            @Nullable String label,
            @Nullable Object more,
            boolean value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    static byte read(
            @Nullable Reading current,
            int method,
            int column,
            @Nullable String label,
            @Nullable Object more,
            byte value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    static short read(
            @Nullable Reading current,
            int method,
            int column,
            @Nullable String label,
            @Nullable Object more,
            short value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    static int read(
            @Nullable Reading current, int method, int column, @Nullable String label, @Nullable Object more, int value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more, value);
        }
        return value;
    }

    static long read(
            @Nullable Reading current,
            int method,
            int column,
            @Nullable String label,
            @Nullable Object more,
            long value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more, value);
        }
        return value;
    }

    static float read(
            @Nullable Reading current,
            int method,
            int column,
            @Nullable String label,
            @Nullable Object more,
            float value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    static double read(
            @Nullable Reading current,
            int method,
            int column,
            @Nullable String label,
            @Nullable Object more,
            double value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    static @Nullable String read(
            @Nullable Reading current,
            int method,
            int column,
            @Nullable String label,
            @Nullable Object more,
            @Nullable String value)
            throws SQLException {
        if (current != null) {
            current.reads(method, column, label, more, value);
        }
        return value;
    }

    final <T extends @Nullable Object> T read(
            @Nullable Reading current, int method, int column, @Nullable String label, @Nullable Object more, T value)
            throws SQLException {
        if (current != null) {
            try {
                current.reads(method, column, label, more, value);
            } catch (Differs e) {
                taint(e.reason());
            }
        } else if (value != null && !(value instanceof String)) {
            recording(); // taints: it may still ask the server
        }
        return value;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.replay.Differs;
import dev.reprise.replay.Reading;
import dev.reprise.replay.Recording;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What is read of a result set is recorded where its transaction is. */
abstract class Reads<D extends ResultSet> extends GuardedResultSet<D> {

    private @Nullable Reading reading;

    Reads(D delegate, @Nullable Guarded<?> parent) {
        super(delegate, parent);
    }

    @Override
    public final @Nullable Reading reading() {
        return reading;
    }

    /** A row that was reached in a transaction is that transaction's; what is made outside of any is nobody's. */
    private @Nullable Reading current() {
        if (!isRecorded()) {
            return null;
        }
        Reading now = reading;
        return now != null && goesOn() ? now : open();
    }

    private @Nullable Reading open() {
        Recording recording = recording();
        if (recording == null || !recording.goesOn()) {
            return null;
        }
        Reading now = reading;
        if (now == null) {
            now = recording.reading();
            reading = now;
        }
        return now;
    }

    final boolean moved(boolean more) {
        Reading now = reading;
        Reading current = now != null && goesOn() ? now : open();
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

    final boolean read(int method, int column, @Nullable String label, @Nullable Object more, boolean value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    final byte read(int method, int column, @Nullable String label, @Nullable Object more, byte value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    final short read(int method, int column, @Nullable String label, @Nullable Object more, short value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    final int read(int method, int column, @Nullable String label, @Nullable Object more, int value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more, value);
        }
        return value;
    }

    final long read(int method, int column, @Nullable String label, @Nullable Object more, long value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more, value);
        }
        return value;
    }

    final float read(int method, int column, @Nullable String label, @Nullable Object more, float value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    final double read(int method, int column, @Nullable String label, @Nullable Object more, double value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more).put(value);
        }
        return value;
    }

    final @Nullable String read(
            int method, int column, @Nullable String label, @Nullable Object more, @Nullable String value)
            throws SQLException {
        Reading current = current();
        if (current != null) {
            current.reads(method, column, label, more, value);
        }
        return value;
    }

    final <T extends @Nullable Object> T read(
            int method, int column, @Nullable String label, @Nullable Object more, T value) throws SQLException {
        Reading current = current();
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

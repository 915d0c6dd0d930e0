// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application has read of a result set: a digest of the values, and how to read them once more. What it has not
 * read it has not seen. Rows that are read alike take no more room than one.
 */
public final class Reading extends Digest implements Reused.Element {

    private final Recordings recordings;
    private final Shape first = new Shape();
    private final List<Shape> shapes = new ArrayList<>(1);
    private Shape shape = first;

    /** Those of {@link #shape}. */
    private int[] calls = first.calls();

    /** In its first row so many had been reached. */
    private int rowsBefore;

    /** So many calls were made in this row. */
    private int at;

    private int rows;
    private boolean ended;
    private long firstNumber;
    private boolean hasFirstNumber;

    Reading(Recordings recordings) {
        super(recordings.room());
        this.recordings = recordings;
        shapes.add(first);
    }

    @Override
    public void clear() {
        super.clear();
        shapes.clear();
        first.clear();
        shapes.add(first);
        shape = first;
        calls = first.calls();
        rowsBefore = 0;
        at = 0;
        rows = 0;
        ended = false;
        hasFirstNumber = false;
    }

    /** The cursor was moved on. */
    public void next(boolean more) {
        if (more && at == shape.length()) {
            at = 0;
            rows++;
        } else {
            last(more);
        }
    }

    /** The row was read otherwise than those before, or no other follows. */
    private void last(boolean more) {
        if (ended) {
            return;
        }
        if (at != shape.length()) {
            begin(shape.prefix(at));
        }
        at = 0;
        rows++;
        ended = !more;
    }

    private void begin(Shape other) {
        shape.rows(rows - rowsBefore);
        rowsBefore = rows;
        shape = other;
        calls = other.calls();
        shapes.add(other);
        recordings.current().grows(64 + 24 * other.length());
    }

    /** @return where the value goes */
    public Digest reads(int method, int column, @Nullable String label, @Nullable Object more) {
        if (!isLikeBefore(method, column, label, more)) {
            differently(method, column, label, more);
        }
        at++;
        return this;
    }

    /** As {@link #reads}, of one that may be a generated key. */
    public void reads(int method, int column, @Nullable String label, @Nullable Object more, long value) {
        if (!isLikeBefore(method, column, label, more)) {
            differently(method, column, label, more, value);
        }
        at++;
        put(value);
    }

    /** As {@link #reads}. */
    public void reads(int method, int column, @Nullable String label, @Nullable Object more, @Nullable String value) {
        if (!isLikeBefore(method, column, label, more)) {
            differently(method, column, label, more);
        }
        at++;
        put(value);
    }

    /** As {@link #reads}. */
    public void reads(int method, int column, @Nullable String label, @Nullable Object more, @Nullable Object value)
            throws SQLException, Differs {
        if (!isLikeBefore(method, column, label, more)) {
            if (value instanceof Long || value instanceof Integer || value instanceof BigInteger) {
                differently(method, column, label, more, ((Number) value).longValue());
            } else {
                differently(method, column, label, more);
            }
        }
        at++;
        put(value);
    }

    private boolean isLikeBefore(int method, int column, @Nullable String label, @Nullable Object more) {
        return calls[at] == Shape.call(method, column)
                && ((label == null && more == null) || shape.isGiven(at, label, more));
    }

    /** Than in the row before; in the first row always. */
    private void differently(int method, int column, @Nullable String label, @Nullable Object more) {
        if (rows > rowsBefore || at < shape.length()) {
            begin(shape.prefix(at));
        }
        shape.add(method, column, label, more);
        calls = shape.calls();
        recordings.current().grows(24);
    }

    /** As {@link #differently}; the first number of the first row is remembered. */
    private void differently(int method, int column, @Nullable String label, @Nullable Object more, long value) {
        differently(method, column, label, more);
        if (rows == 1 && at == 0) {
            firstNumber = value;
            hasFirstNumber = true;
        }
    }

    boolean hasFirstNumber() {
        return hasFirstNumber;
    }

    long firstNumber() {
        return firstNumber;
    }

    /** Reads the same of another result set, which stands afterwards where the first one stood. */
    void again(ResultSet fresh, RowReader reader) throws SQLException, Differs {
        var second = new Digest(Room.NONE);
        int moved = 0;
        shape.rows(rows - rowsBefore);
        for (Shape each : shapes) {
            for (int row = 0; row < each.rows(); row++) {
                each.read(each.length(), fresh, reader, second);
                moved++;
                if (fresh.next() != (moved < rows || !ended)) {
                    throw new Differs("a query gave more rows, or less");
                }
            }
        }
        shape.read(at, fresh, reader, second);
        if (!second.value().equals(value())) {
            throw new Differs("a query gave other values");
        }
    }
}

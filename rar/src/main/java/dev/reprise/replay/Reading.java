// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application has read of a result set: a digest of the values, and how to read them once more. What it has not
 * read it has not seen. Rows that are read alike take no more room than one.
 */
public final class Reading implements Reused.Element {

    private final Recordings recordings;
    private final Digest digest;
    private final Shape first = new Shape();
    private final List<Shape> shapes = new ArrayList<>(1);
    private Shape shape = first;
    private int at;
    private int rows;
    private boolean ended;
    private long firstNumber;
    private boolean hasFirstNumber;

    Reading(Recordings recordings) {
        this.recordings = recordings;
        this.digest = new Digest(() -> recordings.current().room());
        shapes.add(first);
    }

    @Override
    public void clear() {
        digest.clear();
        shapes.clear();
        first.clear();
        shapes.add(first);
        shape = first;
        at = 0;
        rows = 0;
        ended = false;
        hasFirstNumber = false;
    }

    /** The cursor was moved on. */
    public void next(boolean more) {
        if (ended) {
            return;
        }
        if (at != shape.length()) {
            begin(shape.prefix(at));
        }
        shape.oneRowMore();
        at = 0;
        ended = !more;
        rows++;
    }

    private void begin(Shape other) {
        shape = other;
        shapes.add(other);
        recordings.current().grows(64 + 24 * other.length());
    }

    /** @return where the value goes */
    public Digest reads(int method, int column, @Nullable String label, @Nullable Object more) {
        if (!shape.has(at, method, column, label, more)) {
            if (shape.rows() > 0 || at < shape.length()) {
                begin(shape.prefix(at));
            }
            shape.add(method, column, label, more);
            recordings.current().grows(24);
        }
        at++;
        return digest;
    }

    /** The first one of the first row is remembered: it may be a generated key. */
    public void number(long value) {
        if (rows == 1 && at == 1) {
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
        var second = new Digest(() -> null);
        int moved = 0;
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
        if (!second.value().equals(digest.value())) {
            throw new Differs("a query gave other values");
        }
    }
}

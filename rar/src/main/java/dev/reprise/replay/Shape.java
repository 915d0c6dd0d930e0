// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which methods of a result set were called in a row, one after the other, and in how many rows so. */
final class Shape {

    /** So many bits. */
    private static final int COLUMN = 24;

    /** Each {@link #call}; zeros follow, at least one, which are none. */
    private int[] calls = new int[4];

    /** Of each call the column by its label, and what else it was given; null as long as none was given anything. */
    private @Nullable Object @Nullable [] arguments;

    private int length;
    /** Known when another one begins. */
    private int rows;

    /** Begins as this one does. */
    Shape prefix(int newLength) {
        var prefix = new Shape();
        prefix.calls = Arrays.copyOf(Arrays.copyOf(calls, newLength), newLength + 4);
        prefix.arguments = arguments == null ? null : Arrays.copyOf(arguments, 2 * newLength + 8);
        prefix.length = newLength;
        return prefix;
    }

    void clear() {
        Arrays.fill(calls, 0, length, 0);
        length = 0;
        rows = 0;
        arguments = null;
    }

    int length() {
        return length;
    }

    int rows() {
        return rows;
    }

    void rows(int count) {
        rows = count;
    }

    /**
     * Each {@link #call} as far as {@link #length}, and a zero at least, which is none; the same array until one is
     * {@linkplain #add added}, and not to be changed.
     */
    int[] calls() {
        return calls;
    }

    /** Whether the call at this place was given the same; a method always takes a label, or never. */
    boolean isGiven(int index, @Nullable String label, @Nullable Object argument) {
        return arguments != null
                && Objects.equals(arguments[2 * index], label)
                && Objects.equals(arguments[2 * index + 1], argument);
    }

    /** The method and the column; there are fewer than 2^7 and 2^24 of them. */
    static int call(int method, int column) {
        return ((method + 1) << COLUMN) + column;
    }

    void add(int method, int column, @Nullable String label, @Nullable Object argument) {
        if (length + 1 == calls.length) {
            calls = Arrays.copyOf(calls, 2 * calls.length);
        }
        calls[length] = call(method, column);
        if (label != null || argument != null || arguments != null) {
            @Nullable Object[] given = arguments == null ? new @Nullable Object[2 * calls.length] : arguments;
            if (given.length < 2 * calls.length) {
                given = Arrays.copyOf(given, 2 * calls.length);
            }
            given[2 * length] = label;
            given[2 * length + 1] = argument instanceof Calendar calendar ? calendar.clone() : argument;
            arguments = given;
        }
        length++;
    }

    /** The first of them once more, in the row where the result set stands. */
    void read(int count, ResultSet fresh, RowReader reader, Digest digest) throws SQLException, Differs {
        for (int i = 0; i < count; i++) {
            String label = arguments == null ? null : (String) arguments[2 * i];
            Object argument = arguments == null ? null : arguments[2 * i + 1];
            int column = calls[i] & ((1 << COLUMN) - 1);
            reader.read(fresh, (calls[i] >> COLUMN) - 1, column, label, argument, digest);
        }
    }
}

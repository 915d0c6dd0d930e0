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

    private int[] methods;
    private int[] columns;
    private @Nullable String[] labels;
    private @Nullable Object[] more;
    private int length;
    private int rows;

    Shape() {
        methods = new int[4];
        columns = new int[4];
        labels = new String[4];
        more = new Object[4];
    }

    /** Begins as this one does. */
    Shape prefix(int newLength) {
        var prefix = new Shape();
        prefix.methods = Arrays.copyOf(methods, newLength + 4);
        prefix.columns = Arrays.copyOf(columns, newLength + 4);
        prefix.labels = Arrays.copyOf(labels, newLength + 4);
        prefix.more = Arrays.copyOf(more, newLength + 4);
        prefix.length = newLength;
        return prefix;
    }

    int length() {
        return length;
    }

    int rows() {
        return rows;
    }

    void oneRowMore() {
        rows++;
    }

    boolean has(int index, int method, int column, @Nullable String label, @Nullable Object argument) {
        return index < length
                && methods[index] == method
                && columns[index] == column
                && Objects.equals(labels[index], label)
                && Objects.equals(more[index], argument);
    }

    void add(int method, int column, @Nullable String label, @Nullable Object argument) {
        if (length == methods.length) {
            methods = Arrays.copyOf(methods, 2 * length);
            columns = Arrays.copyOf(columns, 2 * length);
            labels = Arrays.copyOf(labels, 2 * length);
            more = Arrays.copyOf(more, 2 * length);
        }
        methods[length] = method;
        columns[length] = column;
        labels[length] = label;
        more[length] = argument instanceof Calendar calendar ? calendar.clone() : argument;
        length++;
    }

    /** The first of them once more, in the row where the result set stands. */
    void read(int calls, ResultSet fresh, RowReader reader, Digest digest) throws SQLException, Differs {
        for (int i = 0; i < calls; i++) {
            reader.read(fresh, methods[i], columns[i], labels[i], more[i], digest);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.security.SecureRandom;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** 128 bits of all the values that it was given, in their order. Equal texts of different types differ. Not thread-safe. */
public final class Digest {

    /** Nobody who writes data knows the seed, so that nobody can make two of them alike. */
    private static final Hasher128 HASHER = Hashing.xxh3_128(new SecureRandom().nextLong());

    private final HashStream128 stream = HASHER.hashStream();

    HashValue128 value() {
        return stream.get();
    }

    void clear() {
        stream.reset();
    }

    public void put(boolean value) {
        stream.putBoolean(value);
    }

    public void put(byte value) {
        stream.putByte(value);
    }

    public void put(short value) {
        stream.putShort(value);
    }

    public void put(int value) {
        stream.putInt(value);
    }

    public void put(long value) {
        stream.putLong(value);
    }

    public void put(float value) {
        stream.putFloat(value);
    }

    public void put(double value) {
        stream.putDouble(value);
    }

    /** @throws Differs if of this class two cannot be compared */
    @SuppressWarnings("JavaUtilDate") // what JDBC has
    public void put(@Nullable Object value) throws SQLException, Differs {
        if (value == null) {
            stream.putByte((byte) 0);
        } else if (value instanceof String text) {
            stream.putByte((byte) 1).putString(text);
        } else if (value instanceof Integer || value instanceof Long) {
            stream.putByte((byte) (value instanceof Long ? 7 : 8)).putLong(((Number) value).longValue());
        } else if (value instanceof byte[] bytes) {
            stream.putByte((byte) 2).putByteArray(bytes);
        } else if (value instanceof Timestamp time) {
            stream.putByte((byte) 3).putLong(time.getTime()).putInt(time.getNanos());
        } else if (value instanceof Date date) {
            stream.putByte((byte) 4).putString(value.getClass().getName()).putLong(date.getTime());
        } else if (value instanceof ResultSetMetaData columns) {
            put(columns);
        } else if (Values.isComparable(value)) {
            stream.putByte((byte) 5).putString(value.getClass().getName()).putString(value.toString());
        } else {
            throw new Differs("a value of " + value.getClass().getName() + " was read");
        }
    }

    private void put(ResultSetMetaData columns) throws SQLException {
        int count = columns.getColumnCount();
        stream.putByte((byte) 6).putInt(count);
        for (int i = 1; i <= count; i++) {
            stream.putString(String.valueOf(columns.getColumnLabel(i))).putInt(columns.getColumnType(i));
        }
    }
}

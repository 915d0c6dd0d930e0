// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
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

    /** In characters. */
    private static final int ROOM = 128;

    private final HashStream128 stream = HASHER.hashStream();

    /** What comes next: the hasher takes many bytes at once in a fraction of the time of one after the other. */
    private final char[] next = new char[ROOM];

    private int length;
    private final byte[] bytes = new byte[ROOM * Character.BYTES];
    private final CharBuffer view =
            ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asCharBuffer();

    HashValue128 value() {
        flush();
        return stream.get();
    }

    void clear() {
        length = 0;
        stream.reset();
    }

    private void flush() {
        view.put(0, next, 0, length);
        stream.putBytes(bytes, 0, length * Character.BYTES);
        length = 0;
    }

    private void flushUnlessRoom(int characters) {
        if (length + characters > ROOM) {
            flush();
        }
    }

    public void put(boolean value) {
        put(value ? (short) 1 : 0);
    }

    public void put(byte value) {
        put((short) value);
    }

    public void put(short value) {
        flushUnlessRoom(1);
        next[length++] = (char) value;
    }

    public void put(int value) {
        flushUnlessRoom(2);
        put(value, length);
        length += 2;
    }

    public void put(long value) {
        flushUnlessRoom(4);
        put((int) value, length);
        put((int) (value >>> 32), length + 2);
        length += 4;
    }

    public void put(float value) {
        put(Float.floatToIntBits(value));
    }

    public void put(double value) {
        put(Double.doubleToLongBits(value));
    }

    private void put(int value, int at) {
        char[] room = next;
        room[at] = (char) value;
        room[at + 1] = (char) (value >>> 16);
    }

    private void put(char type, String text) {
        int size = text.length();
        if (size > ROOM - 3) {
            flush();
            stream.putChar(type).putInt(size).putChars(text);
            return;
        }
        flushUnlessRoom(size + 3);
        int at = length;
        next[at] = type;
        put(size, at + 1);
        text.getChars(0, size, next, at + 3);
        length = at + 3 + size;
    }

    /** @throws Differs if of this class two cannot be compared */
    @SuppressWarnings("JavaUtilDate") // what JDBC has
    public void put(@Nullable Object value) throws SQLException, Differs {
        if (value == null) {
            put((short) 0);
        } else if (value instanceof String text) {
            put('s', text);
        } else if (value instanceof Integer || value instanceof Long) {
            put((short) (value instanceof Long ? 'l' : 'i'));
            put(((Number) value).longValue());
        } else if (value instanceof byte[] array) {
            put((short) 'b');
            put(array.length);
            flush();
            stream.putBytes(array);
        } else if (value instanceof Timestamp time) {
            put((short) 't');
            put(time.getTime());
            put(time.getNanos());
        } else if (value instanceof Date date) {
            put('d', value.getClass().getName());
            put(date.getTime());
        } else if (value instanceof ResultSetMetaData columns) {
            put(columns);
        } else if (Values.isComparable(value)) {
            put('c', value.getClass().getName());
            put('v', value.toString());
        } else {
            throw new Differs("a value of " + value.getClass().getName() + " was read");
        }
    }

    private void put(ResultSetMetaData columns) throws SQLException {
        int count = columns.getColumnCount();
        put((short) 'm');
        put(count);
        for (int i = 1; i <= count; i++) {
            put('n', String.valueOf(columns.getColumnLabel(i)));
            put(columns.getColumnType(i));
        }
    }
}

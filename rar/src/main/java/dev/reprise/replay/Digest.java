// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.LongBuffer;
import java.security.SecureRandom;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * 128 bits of all the values that it was given, in their order: of the numbers and of the texts. Equal texts of different
 * types differ. Not thread-safe.
 */
public final class Digest {

    /** Nobody who writes data knows the seed, so that nobody can make two of them alike. */
    private static final Hasher128 HASHER = Hashing.xxh3_128(new SecureRandom().nextLong());

    private final Room room;
    private final Room.Space own = new Room.Space(16, 64);

    /** What is not hashed yet, and never will be if it ends before it has to. */
    private long[] numbers = own.numbers();

    private char[] texts = own.texts();
    private int numbersLength;
    private int textsLength;
    private @Nullable Hash hash;

    record Value(HashValue128 numbers, HashValue128 texts) {}

    /** Of more than there is room for. */
    private static final class Hash {
        private static final int CHUNK = 256;

        private final HashStream128 numbers = HASHER.hashStream();
        private final HashStream128 texts = HASHER.hashStream();
        private final byte[] bytes = new byte[CHUNK];
        private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN); // as hash4j
        private final LongBuffer longs = buffer.asLongBuffer();
        private final CharBuffer characters = buffer.asCharBuffer();

        /** The hasher takes many bytes at once in a fraction of the time of one after the other. */
        private void put(long[] some, int length) {
            for (int from = 0; from < length; from += CHUNK / Long.BYTES) {
                int part = Math.min(CHUNK / Long.BYTES, length - from);
                longs.put(0, some, from, part);
                numbers.putBytes(bytes, 0, part * Long.BYTES);
            }
        }

        private void put(char[] some, int length) {
            for (int from = 0; from < length; from += CHUNK / Character.BYTES) {
                int part = Math.min(CHUNK / Character.BYTES, length - from);
                characters.put(0, some, from, part);
                texts.putBytes(bytes, 0, part * Character.BYTES);
            }
        }
    }

    /** @param room what it may take when it needs more */
    Digest(Room room) {
        this.room = room;
    }

    Value value() {
        Hash all = flushed();
        return new Value(all.numbers.get(), all.texts.get());
    }

    void clear() {
        use(own);
        numbersLength = 0;
        textsLength = 0;
        if (hash != null) {
            hash.numbers.reset();
            hash.texts.reset();
        }
    }

    private void use(Room.Space other) {
        numbers = other.numbers();
        texts = other.texts();
    }

    private Hash flushed() {
        Hash all = hash;
        if (all == null) {
            all = new Hash();
            hash = all;
        }
        all.put(numbers, numbersLength);
        all.put(texts, textsLength);
        numbersLength = 0;
        textsLength = 0;
        return all;
    }

    private void makeRoom() {
        Room.Space more = numbers.length == own.numbers().length ? room.take() : null;
        if (more == null) {
            flushed();
        } else {
            System.arraycopy(numbers, 0, more.numbers(), 0, numbersLength);
            System.arraycopy(texts, 0, more.texts(), 0, textsLength);
            use(more);
        }
    }

    public void put(boolean value) {
        put(value ? 1L : 0L);
    }

    public void put(byte value) {
        put((long) value);
    }

    public void put(short value) {
        put((long) value);
    }

    public void put(int value) {
        put((long) value);
    }

    public void put(long value) {
        long[] space = numbers;
        int at = numbersLength;
        if (at < space.length) {
            space[at] = value;
            numbersLength = at + 1;
        } else {
            makeRoom();
            put(value);
        }
    }

    public void put(float value) {
        put((long) Float.floatToIntBits(value));
    }

    public void put(double value) {
        put(Double.doubleToLongBits(value));
    }

    private void put(char type, String text) {
        int size = text.length();
        put(((long) type << Integer.SIZE) | size);
        if (textsLength + size > texts.length) {
            makeRoom();
            if (size > texts.length) {
                flushed().texts.putChars(text);
                return;
            }
        }
        text.getChars(0, size, texts, textsLength);
        textsLength += size;
    }

    /** @throws Differs if of this class two cannot be compared */
    @SuppressWarnings("JavaUtilDate") // what JDBC has
    public void put(@Nullable Object value) throws SQLException, Differs {
        if (value == null) {
            put(0L);
        } else if (value instanceof String text) {
            put('s', text);
        } else if (value instanceof Integer || value instanceof Long) {
            put((long) (value instanceof Long ? 'l' : 'i'));
            put(((Number) value).longValue());
        } else if (value instanceof byte[] array) {
            put(((long) 'b' << Integer.SIZE) | array.length);
            flushed().numbers.putBytes(array);
        } else if (value instanceof Timestamp time) {
            put((long) 't');
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
        put(((long) 'm' << Integer.SIZE) | count);
        for (int i = 1; i <= count; i++) {
            put('n', String.valueOf(columns.getColumnLabel(i)));
            put(columns.getColumnType(i));
        }
    }
}

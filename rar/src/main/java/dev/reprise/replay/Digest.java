// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/**
 * 128 bits of all the values that it was given, in their order: of the numbers and of the texts. Equal objects of different
 * types differ. Not thread-safe.
 */
public sealed class Digest permits Reading {

    /** So many are kept of any result set. */
    private static final int NUMBERS = 16;

    private static final int TEXTS = 16;
    private static final int TEXTS_IN_ROOM = 1_024;

    /** A longer text takes the places of several. */
    private static final int CHARACTERS = 32;

    /** A place, a reference to it, and the headers of the text. */
    private static final int TEXT = 64 + CHARACTERS * Character.BYTES;

    private static final @Nullable String[] NOTHING = {};

    private final Room room;
    private final long[] own = new long[NUMBERS];

    /** What is not hashed yet, and never will be if it ends before it has to. */
    private long[] numbers = own;

    private int numbersLength;

    /**
     * As {@link #numbers}; nulls follow a text that takes several places, and are not hashed. Made anew for each use: what
     * is old should not refer to what is new, for the collector's sake.
     */
    private @Nullable String[] texts = NOTHING;

    private int textsLength;

    private @Nullable Hash hash;
    private boolean hasSpilled;

    /** @param room what it may take when it needs more */
    Digest(Room room) {
        this.room = room;
    }

    Hash.Value value() {
        return hashed().value();
    }

    void clear() {
        numbers = own;
        numbersLength = 0;
        texts = NOTHING;
        textsLength = 0;
        hasSpilled = false;
        if (hash != null) {
            hash.clear();
        }
    }

    private Hash hashed() {
        Hash all = hash;
        if (all == null) {
            all = new Hash();
            hash = all;
        }
        all.put(numbers, numbersLength);
        for (int i = 0; i < textsLength; i += places(texts[i])) {
            all.put(texts[i]);
        }
        numbersLength = 0;
        Arrays.fill(texts, 0, textsLength, null);
        textsLength = 0;
        return all;
    }

    /** What was kept is hashed, and gives way to more. */
    private Hash spilled() {
        if (!hasSpilled) {
            hasSpilled = true;
            room.grows(Hash.BYTES);
        }
        return hashed();
    }

    /** @return false if there is none */
    private boolean takeRoom() {
        long[] more = hasRoom() ? null : room.take();
        if (more == null) {
            return false;
        }
        System.arraycopy(numbers, 0, more, 0, numbersLength);
        numbers = more;
        return true;
    }

    private boolean hasRoom() {
        return numbers.length > NUMBERS;
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
            putElsewhere(value);
        }
    }

    private void putElsewhere(long value) {
        if (!takeRoom()) {
            spilled();
        }
        put(value);
    }

    public void put(float value) {
        put((long) Float.floatToIntBits(value));
    }

    public void put(double value) {
        put(Double.doubleToLongBits(value));
    }

    public void put(@Nullable String value) {
        @Nullable String[] space = texts;
        int at = textsLength;
        if (at < space.length && (value == null || value.length() <= CHARACTERS)) {
            space[at] = value;
            textsLength = at + 1;
        } else {
            putElsewhere(value);
        }
    }

    private void putElsewhere(@Nullable String value) {
        int places = places(value);
        if (places > TEXTS) {
            spilled().put(value);
            return;
        }
        while (textsLength + places > texts.length) {
            makePlaces();
        }
        texts[textsLength] = value;
        textsLength += places;
    }

    private static int places(@Nullable String value) {
        return value == null ? 1 : 1 + Math.max(0, value.length() - 1) / CHARACTERS;
    }

    private void makePlaces() {
        if (texts.length < TEXTS || (texts.length < TEXTS_IN_ROOM && (hasRoom() || takeRoom()))) {
            int more = Math.max(3 * texts.length, TEXTS / 4);
            room.grows(more * TEXT);
            texts = Arrays.copyOf(texts, texts.length + more);
        } else {
            spilled();
        }
    }

    private void put(char type, String text) {
        put((long) type);
        put(text);
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
            spilled().put(array);
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

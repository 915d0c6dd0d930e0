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
import org.jspecify.annotations.Nullable;

/** 128 bits of numbers, and 128 of texts. Not thread-safe. */
final class Hash {

    /** It takes so many itself. */
    static final int BYTES = 1_500;

    /** Nobody who writes data knows the seed, so that nobody can make two of them alike. */
    private static final Hasher128 HASHER = Hashing.xxh3_128(new SecureRandom().nextLong());

    /** The hasher takes many bytes at once in a fraction of the time of one after the other. */
    private static final int CHUNK = 256;

    private final HashStream128 numbers = HASHER.hashStream();
    private final HashStream128 texts = HASHER.hashStream();
    private final byte[] bytes = new byte[CHUNK];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN); // as hash4j
    private final LongBuffer longs = buffer.asLongBuffer();
    private final CharBuffer chars = buffer.asCharBuffer();

    /** What the texts are made of; these are not hashed yet. */
    private final char[] characters = new char[CHUNK / Character.BYTES];

    private int charactersLength;

    record Value(HashValue128 numbers, HashValue128 texts) {}

    Value value() {
        drain();
        return new Value(numbers.get(), texts.get());
    }

    void clear() {
        numbers.reset();
        texts.reset();
        charactersLength = 0;
    }

    void put(long[] some, int length) {
        for (int from = 0; from < length; from += CHUNK / Long.BYTES) {
            int part = Math.min(CHUNK / Long.BYTES, length - from);
            longs.put(0, some, from, part);
            numbers.putBytes(bytes, 0, part * Long.BYTES);
        }
    }

    /** As numbers. */
    void put(byte[] some) {
        numbers.putBytes(some);
    }

    void put(@Nullable String text) {
        int length = text == null ? -1 : text.length();
        if (charactersLength + 2 > characters.length) {
            drain();
        }
        characters[charactersLength] = (char) length;
        characters[charactersLength + 1] = (char) (length >> Character.SIZE);
        charactersLength += 2;
        if (text == null) {
            return;
        }
        for (int from = 0; from < length; ) {
            if (charactersLength == characters.length) {
                drain();
            }
            int part = Math.min(characters.length - charactersLength, length - from);
            text.getChars(from, from + part, characters, charactersLength);
            charactersLength += part;
            from += part;
        }
    }

    private void drain() {
        chars.put(0, characters, 0, charactersLength);
        texts.putBytes(bytes, 0, charactersLength * Character.BYTES);
        charactersLength = 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTest {

    private static Digest of(List<@Nullable Object> values) throws SQLException, Differs {
        return of(values, Room.NONE);
    }

    private static Digest of(List<@Nullable Object> values, Room room) throws SQLException, Differs {
        var digest = new Digest(room);
        for (Object value : values) {
            digest.put(value);
        }
        return digest;
    }

    private static @Nullable Object any(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> random.nextInt();
            case 2 -> random.nextLong();
            case 3 -> "x".repeat(random.nextInt(600));
            case 4 -> "\u00e4\u20ac".repeat(random.nextInt(100)) + random.nextInt();
            case 5 -> new byte[random.nextInt(700)];
            case 6 -> new BigDecimal(random.nextInt()).scaleByPowerOfTen(-2);
            default -> new Timestamp(random.nextLong() >>> 20);
        };
    }

    private static List<@Nullable Object> many(Random random) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = random.nextInt(4_000); i >= 0; i--) {
            values.add(any(random));
        }
        return values;
    }

    /** Also where it was asked in between, as it is by each replay. */
    @RepeatedTest(50)
    void theSameValuesGiveTheSame(RepetitionInfo repetition) throws Exception {
        var random = new Random(repetition.getCurrentRepetition());
        List<@Nullable Object> values = many(random);
        var asked = new Digest(Room.NONE);
        for (Object value : values) {
            asked.put(value);
            if (random.nextInt(5) == 0) {
                asked.value();
            }
        }

        assertThat(asked.value()).isEqualTo(of(values).value());
    }

    /** What was read at first had the room, what is read again has not. */
    @RepeatedTest(50)
    void itIsTheSameWhereverThereWasRoom(RepetitionInfo repetition) throws Exception {
        var random = new Random(repetition.getCurrentRepetition());
        List<@Nullable Object> values = many(random);
        var room = new Room() {
            private boolean isTaken;

            @Override
            public long @Nullable [] take() {
                if (isTaken) {
                    return null;
                }
                isTaken = true;
                return new long[17 + random.nextInt(300)];
            }

            @Override
            public void grows(int bytes) {}
        };

        assertThat(of(values, room).value()).isEqualTo(of(values).value());
    }

    @RepeatedTest(50)
    void anotherValueAnywhereGivesAnother(RepetitionInfo repetition) throws Exception {
        var random = new Random(repetition.getCurrentRepetition());
        List<@Nullable Object> values = many(random);
        List<@Nullable Object> others = new ArrayList<>(values);
        others.set(random.nextInt(values.size()), "another one");

        assertThat(of(others).value()).isNotEqualTo(of(values).value());
    }

    /** Each text shorter and longer than what is taken at once, with one character changed in its high byte. */
    @Test
    void eachCharacterOfATextCounts() throws Exception {
        for (int length = 1; length < 600; length++) {
            char[] text = new char[length];
            Arrays.fill(text, 'a');
            Digest one = of(List.of("before", new String(text)));
            text[length - 1] = '\u0161'; // its low byte is that of 'a'
            Digest other = of(List.of("before", new String(text)));

            assertThat(other.value()).as("length %d", length).isNotEqualTo(one.value());
        }
    }

    @Test
    void whatIsWrittenAlikeIsNotAlike() throws Exception {
        assertThat(of(List.of("1")).value()).isNotEqualTo(of(List.of(1)).value());
        assertThat(of(List.of(1)).value()).isNotEqualTo(of(List.of(1L)).value());
        assertThat(of(List.of("ab", "c")).value())
                .isNotEqualTo(of(List.of("a", "bc")).value());
        assertThat(of(List.of("")).value())
                .isNotEqualTo(of(Arrays.asList((Object) null)).value());
    }

    @Test
    void noTextIsNotAnEmptyOne() throws Exception {
        var none = new Digest(Room.NONE);
        none.put((String) null);
        var empty = new Digest(Room.NONE);
        empty.put("");

        assertThat(none.value()).isNotEqualTo(empty.value());
    }

    /** Of each text its two objects, a reference and its characters; what would be too much is hashed. */
    @ParameterizedTest
    @CsvSource({"0, 50000", "30, 50000", "300, 50000", "10000, 1500"})
    void whatIsKeptIsCounted(int length, int most) {
        String text = "\u20ac".repeat(length);
        var room = new Counting();
        var digest = new Digest(room);
        for (int texts = 1; texts <= 20_000; texts++) {
            digest.put(text);
            int kept = texts * (2 * 24 + 4 + 2 * length);
            assertThat(room.bytes).isGreaterThanOrEqualTo(Math.min(kept, most));
            assertThat(room.bytes).isLessThanOrEqualTo(140_000);
        }
    }

    private static final class Counting implements Room {
        private int bytes;

        @Override
        public long[] take() {
            return new long[100];
        }

        @Override
        public void grows(int more) {
            bytes += more;
        }
    }

    @Test
    void aClearedOneIsAsNew() throws Exception {
        Digest used = of(List.of("something", 1));
        used.clear();
        used.put((Object) "a");

        assertThat(used.value()).isEqualTo(of(List.of("a")).value());
    }
}

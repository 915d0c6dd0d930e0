// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void findsCausesSuppressedAndNextExceptionsNearestFirst() {
        SQLException next = new SQLException("next");
        BatchUpdateException batch = new BatchUpdateException(new int[0], new IllegalStateException("cause"));
        batch.setNextException(next);
        Exception suppressed = new Exception("suppressed", new Error("below"));
        RuntimeException root = new RuntimeException("root", batch);
        root.addSuppressed(suppressed);

        assertThat(Causes.of(root).all())
                .extracting(Throwable::getMessage)
                .containsExactly("root", batch.getMessage(), "suppressed", "cause", "next", "below");
    }

    @Test
    void endsOnCycles() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);
        b.addSuppressed(a);

        assertThat(Causes.of(a)).isEqualTo(new Causes(java.util.List.of(a, b), true));
    }

    @Test
    void takesThousandsAndSaysWhenThereWereMore() {
        assertThat(Causes.of(batchOf(5_000)).complete()).isTrue();
        assertThat(Causes.of(batchOf(20_000)).complete()).isFalse();
    }

    @Test
    void doesNotSuppressAnExceptionByItself() {
        Exception only = new Exception();

        Causes.suppress(only, only);

        assertThat(only.getSuppressed()).isEmpty();
    }

    private static SQLException batchOf(int size) {
        SQLException first = new SQLException();
        SQLException last = first;
        for (int i : IntStream.range(1, size).toArray()) {
            SQLException next = new SQLException("number " + i);
            last.setNextException(next);
            last = next;
        }
        return first;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is its own; the rest is in {@link MariaDbTest}. */
@Timeout(120)
class EmbeddedMariaDbTest {

    @TempDir
    private Path folder;

    @Test
    void serverThatDoesNotStartSaysWhy() {
        MariaDbOptions wrong = MariaDbOptions.defaults().with("--no-such-option=1");
        assertThatIllegalStateException()
                .isThrownBy(() -> new EmbeddedMariaDb(wrong).close())
                .withMessageContaining("unknown variable 'no-such-option=1'");
    }

    @Test
    void refusesToBeStartedTwice() {
        try (var database = new EmbeddedMariaDb(MariaDbOptions.defaults())) {
            assertThatIllegalStateException().isThrownBy(database::start).withMessageContaining("is running");
        }
    }

    @Test
    void endsWithItsJvmAndLeavesNothing() {
        String[] printed =
                Jvm.run(folder.resolve("out"), StartsAndExits.class).lines().toArray(String[]::new);
        assertThat(printed).hasSize(2);
        assertThat(ProcessHandle.of(Long.parseLong(printed[0]))).isEmpty();
        assertThat(Path.of(printed[1])).doesNotExist();
    }

    /** Prints the server's process and folder, and ends without closing it. */
    static final class StartsAndExits {

        private StartsAndExits() {}

        public static void main(String... arguments) {
            var database = new EmbeddedMariaDb(MariaDbOptions.defaults());
            System.out.println(database.pid());
            System.out.println(database.folder());
            if (!Files.isDirectory(database.folder())) {
                throw new IllegalStateException("No folder");
            }
            System.exit(0);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MariaDbBinariesTest {

    @Test
    void severalAtOnceEndUpWithOneCompleteFolder(@TempDir Path cache) throws Exception {
        var threads = Executors.newFixedThreadPool(3);
        try {
            Callable<Path> folder = () -> MariaDbBinaries.folder(cache);
            var found = threads.invokeAll(Stream.generate(() -> folder).limit(3).toList());
            Path first = found.get(0).get();
            for (Future<Path> each : found) {
                assertThat(each.get()).isEqualTo(first);
            }
            try (var left = Files.list(cache)) {
                assertThat(left).containsExactly(first);
            }
            assertThat(first.resolve("bin/mariadbd")).isExecutable();
            assertThat(first.resolve("scripts/mariadb-install-db")).isExecutable();
            assertThat(first.resolve("share/english/errmsg.sys")).isRegularFile();
        } finally {
            threads.shutdownNow();
        }
    }
}

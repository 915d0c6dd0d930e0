// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That several may ask at once is in {@link MariaDbBinariesTest}. */
class PostgreSqlBinariesTest {

    @Test
    void areUnpackedWithTheirLinks(@TempDir Path cache) throws Exception {
        Path folder = PostgreSqlBinaries.folder(cache);
        assertThat(folder.resolve("bin/postgres")).isExecutable();
        assertThat(folder.resolve("bin/initdb")).isExecutable();
        assertThat(folder.resolve("share/postgresql/postgres.bki")).isRegularFile();
        try (var libraries = Files.list(folder.resolve("lib"))) {
            assertThat(libraries.filter(Files::isSymbolicLink)).isNotEmpty().allMatch(Files::exists);
        }
    }
}

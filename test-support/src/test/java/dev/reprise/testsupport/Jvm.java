// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class of the tests in another JVM. */
final class Jvm {

    private Jvm() {}

    static String run(Path output, Class<?> main, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Child.start(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()))
                .awaitEnd(Duration.ofMinutes(2));
        return Folders.read(output);
    }
}

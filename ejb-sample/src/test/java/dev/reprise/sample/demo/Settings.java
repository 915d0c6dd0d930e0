// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the demo is started with.
 *
 * @param length how long clients run; zero is until somebody stops it
 * @param wildFly an unpacked distribution
 * @param driver MariaDB Connector/J, for WildFly's own datasource
 * @param scripts the folder with the CLI scripts that users run as well
 * @param log where the server's log is left
 */
record Settings(Duration length, Path wildFly, Path adapter, Path bank, Path driver, Path scripts, Path log) {

    /** @throws IllegalArgumentException if an argument is missing or not of the form {@code --name=value} */
    static Settings of(String... arguments) {
        Map<String, String> values = Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts.length == 2 ? parts[1] : ""));
        Function<String, Path> path = name -> Path.of(required(values, name));
        return new Settings(
                seconds(required(values, "--seconds")),
                path.apply("--wildfly"),
                path.apply("--adapter"),
                path.apply("--bank"),
                path.apply("--driver"),
                path.apply("--scripts"),
                path.apply("--log"));
    }

    private static String required(Map<String, String> values, String name) {
        String value = values.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + "=... is missing");
        }
        return value;
    }

    private static Duration seconds(String value) {
        if (!value.matches("\\d{1,6}")) {
            throw new IllegalArgumentException(
                    "demo.seconds: a whole number of seconds is allowed, 0 to run until Ctrl-C, not " + value);
        }
        return Duration.ofSeconds(Long.parseLong(value));
    }
}

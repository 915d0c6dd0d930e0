// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.util.ArrayList;
import java.util.List;

/**
 * How a database is started.
 *
 * @param arguments further ones of the server, for instance {@code --idle-session-timeout=2s}; they win over ours
 */
public record PostgreSqlOptions(List<String> arguments) {

    public PostgreSqlOptions {
        arguments = List.copyOf(arguments);
    }

    public static PostgreSqlOptions defaults() {
        return new PostgreSqlOptions(List.of());
    }

    public PostgreSqlOptions with(String... more) {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new PostgreSqlOptions(all);
    }

    /** Two-phase commit is off where nobody asks for it. */
    List<String> serverArguments() {
        var all = new ArrayList<>(List.of("--max-prepared-transactions=64", "--lock-timeout=5s"));
        all.addAll(arguments);
        return all;
    }
}

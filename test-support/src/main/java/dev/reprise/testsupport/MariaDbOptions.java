// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.util.ArrayList;
import java.util.List;

/**
 * How a database is started.
 *
 * @param binlog whether it writes a binary log, which makes {@code XA PREPARE} durable on its own; off by default
 * @param arguments further ones of the server, for instance {@code --wait-timeout=2}; they win over ours
 */
public record MariaDbOptions(boolean binlog, List<String> arguments) {

    public MariaDbOptions {
        arguments = List.copyOf(arguments);
    }

    public static MariaDbOptions defaults() {
        return new MariaDbOptions(false, List.of());
    }

    public MariaDbOptions withBinlog() {
        return new MariaDbOptions(true, arguments);
    }

    public MariaDbOptions with(String... more) {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new MariaDbOptions(binlog, all);
    }

    /** Whether a server that does not see the files of this machine cannot be started so. */
    boolean namesLocalFiles() {
        return arguments.stream().anyMatch(argument -> argument.contains("=/"));
    }

    /** What every server is started with, wherever it runs. */
    List<String> serverArguments() {
        var all = new ArrayList<>(
                List.of("--skip-name-resolve", "--innodb-buffer-pool-size=64M", "--innodb-lock-wait-timeout=5"));
        if (binlog) {
            all.addAll(List.of("--log-bin=binlog", "--server-id=1", "--binlog-format=ROW"));
        }
        all.addAll(arguments);
        return all;
    }
}

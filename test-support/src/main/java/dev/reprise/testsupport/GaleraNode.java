// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A MariaDB that is the only node of a Galera cluster. */
public final class GaleraNode {

    /** Where distributions put the library; it comes with none of the Maven artifacts. */
    private static final String PROVIDER = "libgalera_smm.so";

    private GaleraNode() {}

    /** @return empty if this machine does not have the library, in any of the folders or in {@code -Dgalera.provider} */
    public static Optional<Path> provider() {
        return Stream.of(
                        System.getProperty("galera.provider", ""),
                        "/usr/lib/galera/" + PROVIDER,
                        "/usr/lib64/galera-4/" + PROVIDER,
                        "/usr/lib/galera-4/" + PROVIDER)
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** @throws java.util.NoSuchElementException without a {@link #provider} */
    public static MariaDb start() {
        int port = Ports.free();
        return new EmbeddedMariaDb(MariaDbOptions.defaults()
                .with(
                        "--binlog-format=ROW",
                        "--innodb-autoinc-lock-mode=2",
                        "--wsrep-on=ON",
                        "--wsrep-provider=" + provider().orElseThrow(),
                        "--wsrep-cluster-address=gcomm://",
                        "--wsrep-node-address=127.0.0.1:" + port,
                        "--wsrep-provider-options=base_port=" + port + ";gmcast.listen_addr=tcp://127.0.0.1:" + port
                                + ";gcache.size=16M;pc.wait_prim_timeout=PT1S"));
    }
}

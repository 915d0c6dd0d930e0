// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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

    /**
     * Returns when it may be worked with, which is later than when it accepts connections.
     *
     * @throws java.util.NoSuchElementException without a {@link #provider}
     */
    public static MariaDb start() {
        int port = Ports.free();
        var node = new EmbeddedMariaDb(MariaDbOptions.defaults()
                .with(
                        "--binlog-format=ROW",
                        "--innodb-autoinc-lock-mode=2",
                        "--wsrep-on=ON",
                        "--wsrep-provider=" + provider().orElseThrow(),
                        "--wsrep-cluster-address=gcomm://",
                        "--wsrep-node-address=127.0.0.1:" + port,
                        "--wsrep-provider-options=base_port=" + port + ";gmcast.listen_addr=tcp://127.0.0.1:" + port
                                + ";gcache.size=16M;pc.wait_prim_timeout=PT1S"));
        if (!Await.until(Duration.ofMinutes(1), () -> hasItsCluster(node))) {
            node.close();
            throw new IllegalStateException("The node on port " + node.port() + " did not form a cluster");
        }
        return node;
    }

    /** Whether it takes statements on tables. */
    public static boolean hasItsCluster(MariaDb node) {
        try (Connection connection = node.administrator();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show global status like 'wsrep_ready'")) {
            return row.next() && row.getString(2).equals("ON");
        } catch (SQLException e) {
            return false;
        }
    }
}

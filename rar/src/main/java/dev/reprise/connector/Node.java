// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Which application server this is, and which run of it. */
final class Node {

    private static final int READABLE = 30;

    private Node() {}

    /**
     * The same after a restart, and different from all others: of its host, its name and its folder. At most 60
     * characters.
     */
    static String name() {
        String host = host();
        String name = System.getProperty("jboss.node.name", host);
        String folder = System.getProperty("jboss.server.base.dir", System.getProperty("user.dir", ""));
        String all = host + '\n' + name + '\n' + folder;
        String unique = UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
        String readable = name.replaceAll("[^A-Za-z0-9.-]", "-");
        return readable.substring(0, Math.min(READABLE, readable.length())) + '-' + unique;
    }

    /** Different for each run of the JVM; the same for all adapters in it. */
    static String run() {
        return ProcessHandle.current().pid() + "-"
                + Long.toHexString(ManagementFactory.getRuntimeMXBean().getStartTime());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The pool of {@link Link#REPRISE} or {@link Link#POSTGRESQL}, as WildFly shows it; inside the server. */
record Pool(Link link) {

    private String name() {
        return "jboss.as:subsystem=resource-adapters,resource-adapter=" + link.id() + ",connection-definitions="
                + link.id();
    }

    /** How many connections the pool has destroyed since the server was started. */
    int destroyed() throws JMException {
        return number("DestroyedCount");
    }

    /** How many may be taken now. */
    int available() throws JMException {
        return number("AvailableCount");
    }

    /** How many are taken now. */
    int inUse() throws JMException {
        return number("InUseCount");
    }

    private int number(String attribute) throws JMException {
        Object value = server().getAttribute(new ObjectName(name() + ",statistics=pool"), attribute);
        return Integer.parseInt(value.toString());
    }

    /** No connection is left in the pool. */
    void flush() throws JMException {
        flush("All");
    }

    /** @param kind All, Gracefully, Idle or Invalid */
    void flush(String kind) throws JMException {
        server().invoke(new ObjectName(name()), "flush" + kind + "ConnectionInPool", new Object[0], new String[0]);
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    /** Takes so many connections at the same time, gives them back, and says which sessions they were. */
    List<Long> use(int count) throws SQLException {
        var open = new ArrayList<Connection>();
        var ids = new ArrayList<Long>();
        try {
            for (int i = 0; i < count; i++) {
                Connection connection = link.dataSource().getConnection();
                open.add(connection);
                ids.add(Sessions.id(link, connection));
            }
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
        return ids;
    }
}

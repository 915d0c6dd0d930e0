// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.util.EnumSet;
import java.util.Set;

/** What can happen, and how often in one round of the schedule on each database. */
enum Fault {
    REQUEST_CUT(6),
    REPLY_LOST(6),
    REQUEST_STALLED(2),
    REPLY_STALLED(2),
    LINKS_CUT(2),
    LINKS_RESET(2),
    BLACK_HOLE(1),
    SESSIONS_KILLED(2),
    QUERIES_KILLED(3),
    DATABASE_KILLED(1),
    DATABASE_RESTARTED(1),
    DATABASE_SUSPENDED(1),
    /** MariaDB only: it becomes a replica, and the primary again. */
    DATABASE_READ_ONLY(1),
    /** Once in a round. */
    WILDFLY_KILLED(1),
    /** Once in a round. */
    WILDFLY_RESTARTED(1);

    private static final Set<Fault> OF_THE_SERVER = EnumSet.of(WILDFLY_KILLED, WILDFLY_RESTARTED);

    private final int times;

    Fault(int times) {
        this.times = times;
    }

    int times() {
        return times;
    }

    boolean happensTo(Dialect dialect) {
        return !OF_THE_SERVER.contains(this) && (this != DATABASE_READ_ONLY || dialect == Dialect.MARIADB);
    }

    static Set<Fault> ofTheServer() {
        return OF_THE_SERVER;
    }
}

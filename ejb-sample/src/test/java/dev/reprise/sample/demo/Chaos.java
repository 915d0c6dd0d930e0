// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.RequestFault;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Makes one fault on both sides, the same and at the same time, for each {@link #run}. */
final class Chaos implements Runnable {

    private static final String COMMIT = "xa commit";

    /** With how likely it is, in per cent. */
    enum Fault {
        CUT_BEFORE_COMMIT(45),
        CUT_AFTER_COMMIT(30),
        CUT_ALL_LINKS(15),
        KILL_SESSIONS(8),
        RESTART_DATABASE(2);

        private final int percent;

        Fault(int percent) {
            this.percent = percent;
        }

        static Fault at(int percentile) {
            int sum = 0;
            for (Fault fault : values()) {
                sum += fault.percent;
                if (percentile < sum) {
                    return fault;
                }
            }
            throw new IllegalArgumentException("percentile: 0 to 99 are allowed, not " + percentile);
        }
    }

    private final MariaDb server;
    private final List<FaultProxy> links;
    private final RandomGenerator random;
    private final Map<Fault, Integer> made = new EnumMap<>(Fault.class);

    Chaos(MariaDb server, List<FaultProxy> links, RandomGenerator random) {
        this.server = server;
        this.links = List.copyOf(links);
        this.random = random;
    }

    @Override
    public void run() {
        links.forEach(FaultProxy::disarmAll); // at most one commit is cut for each fault
        Fault fault = Fault.at(random.nextInt(100));
        switch (fault) {
            case CUT_BEFORE_COMMIT -> onCommit(RequestFault::cutBefore);
            case CUT_AFTER_COMMIT -> onCommit(RequestFault::cutAfter);
            case CUT_ALL_LINKS -> links.forEach(FaultProxy::resetAll);
            case KILL_SESSIONS -> killSessions();
            case RESTART_DATABASE -> restart();
        }
        synchronized (made) {
            made.merge(fault, 1, Integer::sum);
        }
    }

    private void onCommit(Consumer<RequestFault> arm) {
        links.forEach(link -> arm.accept(link.onRequest(COMMIT)));
    }

    private void restart() {
        server.kill();
        server.start();
    }

    private void killSessions() {
        try {
            server.killConnections(server.user());
        } catch (SQLException e) {
            throw new IllegalStateException("The sessions could not be killed", e);
        }
    }

    /** How often, on each side. */
    int made(Fault fault) {
        synchronized (made) {
            return made.getOrDefault(fault, 0);
        }
    }

    /** No fault is to come. */
    void heal() {
        links.forEach(FaultProxy::disarmAll);
    }
}

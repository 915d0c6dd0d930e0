// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Connector;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Session;
import dev.reprise.fault.Fault;
import jakarta.resource.spi.InvalidPropertyException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The servers of one configuration. Within a generation the one that worked last is tried first, then the others in
 * their order; a new generation begins with the first again. Thread-safe.
 */
final class Endpoints {

    /** @param name its URL without options */
    private record Endpoint(String name, Connector connector) {}

    private record Choice(int generation, int index) {}

    private final List<Endpoint> all = new ArrayList<>();
    private final boolean primaryOnly;
    private final Generations generations;
    private final AtomicReference<Choice> choice = new AtomicReference<>(new Choice(0, 0));
    private final Map<String, Integer> servers = new ConcurrentHashMap<>();

    Endpoints(Settings settings, Generations generations) throws InvalidPropertyException {
        this.primaryOnly = settings.primaryOnly();
        this.generations = generations;
        add(settings, settings.url());
        for (String url : settings.failoverUrls()) {
            add(settings, url);
        }
    }

    private void add(Settings settings, String url) throws InvalidPropertyException {
        try {
            var connector = new Connector(
                    settings.database(),
                    settings.xaDataSourceClass(),
                    url,
                    settings.driverOptions(),
                    settings.connectTimeout());
            all.add(new Endpoint(url.isEmpty() ? "the database" : url.split("\\?", 2)[0], connector));
        } catch (IllegalArgumentException e) {
            throw new InvalidPropertyException("Reprise cannot be used as configured: " + e.getMessage(), e);
        }
    }

    /** @throws SQLException 08001, with what each of them said, if none can be reached that has the required role */
    PhysicalConnection open(Credentials credentials) throws SQLException {
        int generation = generations.current();
        return open(credentials, generation, order(chosen(generation)));
    }

    private PhysicalConnection open(Credentials credentials, int generation, List<Integer> order) throws SQLException {
        var failures = new ArrayList<SQLException>();
        for (int index : order) {
            try {
                PhysicalConnection opened = connect(index, credentials, generation, primaryOnly);
                chosen(generation, index);
                return opened;
            } catch (SQLException e) {
                if (!leadsToTheNext(index, e)) {
                    throw e;
                }
                failures.add(e);
            }
        }
        throw all.size() == 1 ? failures.get(0) : together(order, failures);
    }

    /**
     * To the server that a session was on, whatever its role is now: what became of the session is known there first. If
     * it cannot be reached, to another one; it is not tried twice.
     */
    PhysicalConnection openWhere(Session session, Credentials credentials) throws SQLException {
        Integer own = all.size() == 1 ? Integer.valueOf(0) : servers.get(session.server());
        if (own != null) {
            try {
                return connect(own, credentials, generations.current(), false);
            } catch (SQLException e) {
                if (all.size() == 1 || !leadsToTheNext(own, e)) {
                    throw e;
                }
                LOG.secondary("connecting to " + all.get(own).name + " again", e);
            }
        }
        int generation = generations.current();
        List<Integer> others = order(chosen(generation));
        others.removeIf(each -> each.equals(own));
        return open(credentials, generation, others);
    }

    private PhysicalConnection connect(int index, Credentials credentials, int generation, boolean onlyIfPrimary)
            throws SQLException {
        Endpoint endpoint = all.get(index);
        PhysicalConnection opened = endpoint.connector.open(credentials.user(), credentials.password(), generation);
        boolean admitted = !onlyIfPrimary || !opened.session().readOnly();
        servers.put(opened.session().server(), index);
        generations.opened(generation, opened.session(), admitted);
        if (!admitted) {
            opened.close(Runnable::run);
            throw new SQLException(
                    endpoint.name
                            + " takes no writes (it is a replica, or is set to read-only), and requiredRole=primary",
                    "08001");
        }
        return opened;
    }

    private boolean leadsToTheNext(int index, SQLException e) {
        return all.get(index).connector.database().faults().classify(e).orElse(Fault.CONNECTION) == Fault.CONNECTION;
    }

    private SQLException together(List<Integer> order, List<SQLException> failures) {
        var message = new StringBuilder("None of the servers can be used");
        for (int i = 0; i < failures.size(); i++) {
            message.append(i == 0 ? ": " : "; ")
                    .append(all.get(order.get(i)).name)
                    .append(": ")
                    .append(failures.get(i).getMessage());
        }
        var failure = new SQLException(message.toString(), "08001", failures.get(0));
        failures.subList(1, failures.size()).forEach(failure::addSuppressed);
        return failure;
    }

    private int chosen(int generation) {
        Choice now = choice.get();
        return now.generation == generation ? now.index : 0;
    }

    private List<Integer> order(int first) {
        var order = new ArrayList<>(List.of(first));
        for (int index = 0; index < all.size(); index++) {
            if (index != first) {
                order.add(index);
            }
        }
        return order;
    }

    /** Not to have some connections here and some there, a move ends the generation. */
    private void chosen(int generation, int index) {
        Choice before = choice.get();
        if (before.generation > generation || before.equals(new Choice(generation, index))) {
            return;
        }
        boolean moved = before.generation == generation;
        if (choice.compareAndSet(before, new Choice(moved ? generation + 1 : generation, index))) {
            if (before.index != index) {
                LOG.connectedElsewhere(all.get(index).name);
            }
            if (moved) {
                generations.discard(generation, all.get(before.index).name + " cannot be used any more");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Liveness;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Session;
import dev.reprise.fault.Fault;
import jakarta.resource.spi.InvalidPropertyException;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens, checks and closes the physical connections of one configuration. Thread-safe. */
final class PhysicalConnections {

    private final Settings settings;
    private final Endpoints endpoints;
    private final Set<PhysicalHolder> holders = ConcurrentHashMap.newKeySet();
    private final Generations generations = new Generations(this::cutIdle);
    private final Background background;
    private final SessionSetup setup;
    private final Guards guards;
    private final OpenOutcomes outcomes;
    private final Remembered<PhysicalConnection> prepared = new Remembered<>();
    private final Exposure exposure = new Exposure();
    private final AtomicBoolean saidUnseen = new AtomicBoolean();
    private final Circuit circuit;
    private final Lifetime lifetime;
    private final RoleWatch roles;
    private final Keepalive keepalive;
    private final RepeatableStatements repeatable;
    private final ReplayCounts replayCounts = new ReplayCounts();

    PhysicalConnections(Settings settings, Background background) throws InvalidPropertyException {
        this.settings = settings;
        this.background = background;
        this.setup = new SessionSetup(settings);
        this.guards = new Guards(settings);
        this.outcomes = new OpenOutcomes(background);
        this.circuit = new Circuit(this::unreachable, Math::random);
        this.lifetime = new Lifetime(settings.freshness().maxLifetime());
        this.roles = new RoleWatch(settings.freshness().pingAfterIdle());
        this.keepalive = new Keepalive(settings.freshness().keepalive(), background);
        this.endpoints = new Endpoints(settings, generations);
        this.repeatable = new RepeatableStatements(settings.database());
    }

    Settings settings() {
        return settings;
    }

    OpenOutcomes openOutcomes() {
        return outcomes;
    }

    /** Those that have prepared branches which are not completed yet. */
    Remembered<PhysicalConnection> prepared() {
        return prepared;
    }

    RepeatableStatements repeatable() {
        return repeatable;
    }

    ReplayCounts replayCounts() {
        return replayCounts;
    }

    Keepalive keepalive() {
        return keepalive;
    }

    private boolean unreachable(SQLException e) {
        return settings.database().faults().classify(e).orElse(Fault.CONNECTION) == Fault.CONNECTION;
    }

    /**
     * As {@link #open}, for applications: it begins as they want it, and its commits are guarded. One that was opened across
     * an incident is not given away: it may belong to what is over.
     */
    PhysicalConnection openGuarded(Credentials credentials) throws SQLException {
        PhysicalConnection opened = circuit.run(() -> guarded(credentials));
        if (!generations.isDiscarded(opened.generation())) {
            return opened;
        }
        close(opened);
        return circuit.run(() -> guarded(credentials));
    }

    private PhysicalConnection guarded(Credentials credentials) throws SQLException {
        return prepared(endpoints.open(credentials), opened -> {
            setup.application(opened);
            guards.guard(opened);
        });
    }

    /** A local transaction begins on this one. */
    void local(PhysicalConnection connection) {
        guards.local(connection);
    }

    /** Waits for no longer than the connect timeout for any answer of a server. */
    PhysicalConnection open(Credentials credentials) throws SQLException {
        return prepared(endpoints.open(credentials), setup::errand);
    }

    /** To the server that a session was on, if it can be reached. */
    PhysicalConnection openWhere(Session session, Credentials credentials) throws SQLException {
        return prepared(endpoints.openWhere(session, credentials), setup::errand);
    }

    @FunctionalInterface
    private interface Preparation {
        void of(PhysicalConnection opened) throws SQLException;
    }

    private PhysicalConnection prepared(PhysicalConnection opened, Preparation preparation) throws SQLException {
        sayIfUnseen(opened);
        try {
            exposure.check(opened);
            preparation.of(opened);
            return opened;
        } catch (SQLException e) {
            close(opened);
            throw e;
        }
    }

    SessionSetup setup() {
        return setup;
    }

    private void sayIfUnseen(PhysicalConnection opened) {
        if (opened.liveness() == Liveness.UNSEEN && saidUnseen.compareAndSet(false, true)) {
            LOG.unseen(
                    settings.xaDataSourceClass(), settings.freshness().trusted().toMillis());
        }
    }

    /** Whether a pooled connection may be handed out; if the server has to be asked, outside any transaction. */
    boolean admits(PhysicalConnection connection) {
        if (!isOfUse(connection) || lifetime.isOver(connection.age(), System.identityHashCode(connection))) {
            return false;
        }
        return !settings.freshness().onMatch() || isFresh(connection) || answers(connection);
    }

    boolean isOfUse(PhysicalConnection connection) {
        return !connection.isLost() && !generations.isDiscarded(connection.generation());
    }

    /** Whether it need not be asked: its socket says enough, or where that cannot be seen its last answer is young. */
    private boolean isFresh(PhysicalConnection connection) {
        Freshness freshness = settings.freshness();
        if (!generations.trusts(connection.generation(), connection.answeredAt())
                || connection.isSilentFor(freshness.pingAfterIdle())
                || connection.heardOfAnotherRole()
                || roles.isDue()) {
            return false;
        }
        return switch (connection.liveness()) {
            case ALIVE -> true;
            case UNSEEN -> !connection.isSilentFor(freshness.trusted());
            case ASK, DEAD -> false;
        };
    }

    /** Asks the server; one that waits in vain speaks for all of its generation. */
    boolean answers(PhysicalConnection connection) {
        int generation = connection.generation();
        long began = System.nanoTime();
        boolean probe = generations.electProbe(generation);
        try {
            if (probe) {
                probe(connection);
            } else {
                connection.ping(settings.freshness().timeout());
            }
            return !generations.isDiscarded(generation);
        } catch (SQLException e) {
            lost(connection, e);
            if (probe) {
                generations.discard(generation, "a second connection did not answer: " + e.getMessage());
            } else if (System.nanoTime() - began
                    >= settings.freshness().timeout().toNanos()) {
                generations.discard(generation, "a connection waited in vain for an answer");
            }
            return false;
        }
    }

    private void probe(PhysicalConnection connection) throws SQLException {
        var session = connection.session();
        var now = connection.bounded(
                settings.freshness().timeout(),
                () -> connection.database().open(connection.connection(), session.mark()));
        connection.answered();
        if (now.sameServer(session)) {
            generations.sound(connection.generation());
        } else {
            generations.discard(connection.generation(), "the server was restarted, or has another role");
        }
    }

    void lost(PhysicalConnection connection, SQLException reason) {
        if (connection.lose(reason)) {
            LOG.connectionLost(connection.generation(), reason);
        }
        if (connection.roleChanged(reason)) {
            generations.discard(connection.generation(), "the server has another role: " + reason.getMessage());
        } else {
            generations.suspect(connection.generation());
        }
    }

    void doubt(PhysicalConnection connection) {
        generations.suspect(connection.generation());
    }

    void add(PhysicalHolder holder) {
        holders.add(holder);
    }

    void remove(PhysicalHolder holder) {
        holders.remove(holder);
    }

    /**
     * Connections that nobody uses are not kept until they are next asked for: on a demoted MariaDB, sessions of before
     * can stop what it applies of its new primary (measured).
     */
    private void cutIdle(int generation) {
        var reason = new SQLException("The connection is older than an incident", "08003");
        for (PhysicalHolder holder : holders) {
            PhysicalConnection idle = holder.physical();
            if (idle.generation() <= generation && holder.isIdle()) {
                sever(idle, reason);
            }
        }
    }

    void sever(PhysicalConnection connection, SQLException reason) {
        connection.sever(reason, background);
    }

    void close(PhysicalConnection connection) {
        connection.release();
        connection.close(background);
    }
}

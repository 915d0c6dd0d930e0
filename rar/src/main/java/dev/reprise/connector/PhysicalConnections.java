// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Connector;
import dev.reprise.database.Liveness;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.fault.Fault;
import jakarta.resource.spi.InvalidPropertyException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens, checks and closes the physical connections of one configuration. Thread-safe. */
final class PhysicalConnections {

    private final Settings settings;
    private final Connector connector;
    private final Generations generations = new Generations();
    private final Background background;
    private final SessionSetup setup;
    private final Guards guards;
    private final OpenOutcomes outcomes;
    private final Remembered<PhysicalConnection> prepared = new Remembered<>();
    private final Exposure exposure = new Exposure();
    private final AtomicBoolean saidUnseen = new AtomicBoolean();
    private final Circuit circuit;
    private final Lifetime lifetime;
    private final Keepalive keepalive;

    PhysicalConnections(Settings settings, Background background) throws InvalidPropertyException {
        this.settings = settings;
        this.background = background;
        this.setup = new SessionSetup(settings);
        this.guards = new Guards(settings);
        this.outcomes = new OpenOutcomes(background);
        this.circuit = new Circuit(this::unreachable, Math::random);
        this.lifetime = new Lifetime(settings.freshness().maxLifetime());
        this.keepalive = new Keepalive(settings.freshness().keepalive(), background);
        try {
            this.connector = new Connector(
                    settings.database(),
                    settings.xaDataSourceClass(),
                    settings.url(),
                    settings.driverOptions(),
                    settings.connectTimeout());
        } catch (IllegalArgumentException e) {
            throw new InvalidPropertyException("Reprise cannot be used as configured: " + e.getMessage(), e);
        }
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
        return open(credentials, opened -> {
            setup.application(opened);
            guards.guard(opened);
        });
    }

    /** A local transaction begins on this one. */
    void local(PhysicalConnection connection) {
        guards.local(connection);
    }

    /** Waits for no longer than the connect timeout for any answer. */
    PhysicalConnection open(Credentials credentials) throws SQLException {
        return open(credentials, setup::errand);
    }

    @FunctionalInterface
    private interface Preparation {
        void of(PhysicalConnection opened) throws SQLException;
    }

    private PhysicalConnection open(Credentials credentials, Preparation preparation) throws SQLException {
        int generation = generations.current();
        PhysicalConnection opened = connector.open(credentials.user(), credentials.password(), generation);
        generations.opened(generation, opened.session());
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
                || connection.isSilentFor(freshness.pingAfterIdle())) {
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
        generations.suspect(connection.generation());
    }

    void sever(PhysicalConnection connection, SQLException reason) {
        connection.sever(reason, background);
    }

    void close(PhysicalConnection connection) {
        connection.release();
        connection.close(background);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Connector;
import dev.reprise.database.PhysicalConnection;
import jakarta.resource.spi.InvalidPropertyException;
import java.sql.SQLException;

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

    PhysicalConnections(Settings settings, Background background) throws InvalidPropertyException {
        this.settings = settings;
        this.background = background;
        this.setup = new SessionSetup(settings);
        this.guards = new Guards(settings);
        this.outcomes = new OpenOutcomes(background);
        try {
            this.connector = new Connector(
                    settings.database(),
                    settings.xaDataSourceClass(),
                    settings.url(),
                    settings.driverProperties(),
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

    /** As {@link #open}, for applications: it begins as they want it, and its commits are guarded. */
    PhysicalConnection openGuarded(Credentials credentials) throws SQLException {
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
        try {
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

    /** Whether a pooled connection may be handed out; asks the server, outside any transaction. */
    boolean admits(PhysicalConnection connection) {
        if (connection.isLost() || generations.isDiscarded(connection.generation())) {
            return false;
        }
        return !settings.freshness().onMatch() || answers(connection);
    }

    /** The one place where a check may one day cost less than a round trip. */
    boolean answers(PhysicalConnection connection) {
        int generation = connection.generation();
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
            }
            return false;
        }
    }

    private void probe(PhysicalConnection connection) throws SQLException {
        var session = connection.session();
        var now = connection.bounded(
                settings.freshness().timeout(),
                () -> connection.database().open(connection.connection(), session.mark()));
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

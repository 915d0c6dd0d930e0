// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.PhysicalConnection;
import dev.reprise.xa.BranchHost;
import java.sql.SQLException;
import java.time.Duration;

/** The physical connection that a managed connection has at the moment. Thread-safe. */
final class PhysicalHolder implements BranchHost {

    private final PhysicalConnections connections;
    private final Credentials credentials;
    private volatile PhysicalConnection physical;
    private volatile Move move = () -> {};

    /** What is done before another session takes the place of the lost one. */
    @FunctionalInterface
    interface Move {
        /** @throws SQLException if that would not be the same to the application */
        void begin() throws SQLException;
    }

    PhysicalHolder(PhysicalConnections connections, Credentials credentials) throws SQLException {
        this.connections = connections;
        this.credentials = credentials;
        this.physical = connections.open(credentials);
    }

    void beforeReplacing(Move newMove) {
        move = newMove;
    }

    Credentials credentials() {
        return credentials;
    }

    @Override
    public PhysicalConnection physical() {
        return physical;
    }

    @Override
    public PhysicalConnection replace() throws SQLException {
        move.begin();
        PhysicalConnection old = physical;
        physical = connections.open(credentials);
        connections.close(old);
        return physical;
    }

    @Override
    public void lost(PhysicalConnection connection, SQLException reason) {
        connections.lost(connection, reason);
    }

    @Override
    public void sever(PhysicalConnection connection, SQLException reason) {
        connections.sever(connection, reason);
    }

    @Override
    public PhysicalConnection control() throws SQLException {
        return connections.open(credentials);
    }

    @Override
    public void release(PhysicalConnection control) {
        connections.close(control);
    }

    @Override
    public Duration controlTimeout() {
        return connections.settings().controlTimeout();
    }

    @Override
    public void secondary(String attempt, Exception failure) {
        LOG.secondary(attempt, failure);
    }

    boolean admitted() {
        return connections.admits(physical);
    }

    boolean answers() {
        return !physical.isLost() && connections.answers(physical);
    }

    void close() {
        connections.close(physical);
    }
}

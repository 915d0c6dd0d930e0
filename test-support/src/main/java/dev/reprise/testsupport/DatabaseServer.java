// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A real database server with one database and one ordinary user, on a port that stays the same over restarts. Its
 * process ends with {@link #close} and with the JVM, and its data is deleted then. The connections that it makes itself
 * give up after 5 s of connecting or 60 s without an answer. To be started and stopped by one thread at a time; the rest
 * is thread-safe.
 */
public interface DatabaseServer extends AutoCloseable {

    /** As seen from this machine. */
    String host();

    int port();

    /** The only one that {@link #user} has rights on. */
    default String database() {
        return "app";
    }

    default String user() {
        return "app";
    }

    default String password() {
        return "app-secret";
    }

    /** May do everything. */
    String rootUser();

    default String rootPassword() {
        return "root-secret";
    }

    /** Starts it again after {@link #kill} or {@link #stop}, and returns when it answers, within a minute. */
    void start();

    /** As {@code SIGKILL} does: what was committed is there after the next start, sessions and undecided work are not. */
    void kill();

    /** In good order, within 30 s; otherwise killed. */
    void stop();

    default void restart() {
        stop();
        start();
    }

    /** From now on it neither answers nor closes anything, and the system goes on accepting its connections. */
    void suspend();

    /** Ends {@link #suspend}. */
    void resume();

    /** Ends the process. Can be called again. */
    @Override
    void close();

    /** Without TLS, so that a proxy can read along. */
    String jdbcUrl(String host, int port);

    default String jdbcUrl() {
        return jdbcUrl(host(), port());
    }

    /** Through a proxy on the loopback interface. */
    default String jdbcUrl(int port) {
        return jdbcUrl("127.0.0.1", port);
    }

    /** To be added to a {@link #jdbcUrl}: gives up after 5 s of connecting, or when no answer comes for so long. */
    String patience(Duration limit);

    /** As the ordinary user, without a proxy. */
    default Connection connect() throws SQLException {
        return connect(user(), password(), Duration.ofMinutes(1));
    }

    /** With all rights, in {@link #database}. */
    default Connection administrator() throws SQLException {
        return connect(rootUser(), rootPassword(), Duration.ofMinutes(1));
    }

    private Connection connect(String name, String secret, Duration answer) throws SQLException {
        return DriverManager.getConnection(jdbcUrl() + patience(answer), name, secret);
    }

    /** @return whether it accepts the ordinary user and answers a ping, within seconds */
    default boolean isReady() {
        try (Connection connection = connect(user(), password(), Duration.ofSeconds(2))) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** @throws IllegalStateException if it is not ready in time */
    default void awaitReady(Duration timeout) {
        if (!Await.until(timeout, this::isReady)) {
            throw new IllegalStateException("The database on port " + port() + " is not ready within " + timeout);
        }
    }

    /** Ends all sessions of this user but the one that asks; says how many there were. */
    int killConnections(String name) throws SQLException;

    /** The prepared branches of the database, as its statements on them take them. */
    List<String> preparedXids() throws SQLException;

    /** @param xid one of {@link #preparedXids} */
    void rollBackPrepared(String xid) throws SQLException;
}

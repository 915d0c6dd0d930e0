// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real MariaDB 11.4 with one database and one ordinary user, on a port that stays the same over restarts. Its process
 * ends with {@link #close} and with the JVM, and its data is deleted then. The connections that it makes itself give up
 * after 5 s of connecting or 60 s without an answer. To be started and stopped by one thread at a time; the rest is
 * thread-safe.
 */
public interface MariaDb extends AutoCloseable {

    /**
     * Embedded binaries; with {@code -Dreprise.database=container} a container, where there is an engine with the image
     * {@code mariadb:11.4}. Where there is none, embedded all the same, and a line on {@code System.out} says so.
     *
     * @throws IllegalArgumentException if the property is neither {@code embedded} nor {@code container}
     * @throws IllegalStateException if it does not start, with the end of its log
     */
    static MariaDb start(MariaDbOptions options) {
        String kind = System.getProperty("reprise.database", "embedded");
        if (!List.of("embedded", "container").contains(kind)) {
            throw new IllegalArgumentException("reprise.database=" + kind + ": allowed are embedded and container");
        }
        if (kind.equals("container")) {
            if (ContainerMariaDb.isAvailable()) {
                return new ContainerMariaDb(options);
            }
            System.out.println("reprise.database=container: no container engine with the image "
                    + ContainerMariaDb.IMAGE + " answers here, so the embedded MariaDB is used");
        }
        return new EmbeddedMariaDb(options);
    }

    /** Of the server, as seen from this machine. */
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
    default String rootUser() {
        return "root";
    }

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

    /** Nothing answers any more, with all connections open, until {@link #resume}. */
    void suspend();

    void resume();

    /** Also ends its process. Can be called again. */
    @Override
    void close();

    default String jdbcUrl() {
        return jdbcUrl(host(), port());
    }

    /** Through a proxy on the loopback interface. */
    default String jdbcUrl(int port) {
        return jdbcUrl("127.0.0.1", port);
    }

    /** The server has no TLS, so that a proxy can read along; Connector/J 4 would insist on it. */
    private String jdbcUrl(String host, int port) {
        return "jdbc:mariadb://" + host + ":" + port + "/" + database() + "?sslMode=disable";
    }

    /** As the ordinary user, without a proxy. */
    default Connection connect() throws SQLException {
        return connect(user(), password(), Duration.ofMinutes(1));
    }

    /** With all rights, in {@link #database}. */
    default Connection administrator() throws SQLException {
        return connect(rootUser(), rootPassword(), Duration.ofMinutes(1));
    }

    private Connection connect(String name, String secret, Duration answer) throws SQLException {
        String bounds = "&connectTimeout=5000&socketTimeout=" + answer.toMillis();
        return DriverManager.getConnection(jdbcUrl() + bounds, name, secret);
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
            throw new IllegalStateException("MariaDB on port " + port() + " is not ready within " + timeout);
        }
    }

    /** Ends all sessions of this user but the one that asks; says how many there were. */
    default int killConnections(String name) throws SQLException {
        try (Connection connection = administrator();
                var sessions = connection.prepareStatement(
                        "select id from information_schema.processlist where user = ? and id <> connection_id()")) {
            sessions.setString(1, name);
            var ids = new ArrayList<Long>();
            try (ResultSet row = sessions.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
            int killed = 0;
            for (long id : ids) {
                killed += kill(connection, id) ? 1 : 0;
            }
            return killed;
        }
    }

    private static boolean kill(Connection connection, long id) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("kill " + id);
            return true;
        } catch (SQLException e) {
            if (e.getErrorCode() == 1094) { // no such thread: it has ended by itself
                return false;
            }
            throw e;
        }
    }

    /** The branches that {@code XA RECOVER} lists, as XA statements take them, for instance {@code X'61',X'00ff',1}. */
    default List<String> preparedXids() throws SQLException {
        try (Connection connection = administrator();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("xa recover format='SQL'")) {
            var xids = new ArrayList<String>();
            while (row.next()) {
                xids.add(row.getString("data"));
            }
            return xids;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.benchmark;

import dev.reprise.connector.PlainSockets;
import dev.reprise.database.Connector;
import dev.reprise.database.Database;
import dev.reprise.database.Liveness;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What it costs to look at a connection's socket, compared with a ping, and what our sockets cost the driver; all in one
 * run, in turn. Run by {@code mvn -Pbenchmarks}; the result is {@code target/freshness-costs.md}.
 */
public final class FreshnessCosts {

    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 20_000;
    private static final int ROWS = 1_000;
    private static final int COLUMNS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private interface Step {
        void run() throws SQLException;
    }

    private final StringBuilder report = new StringBuilder("""
            # What a match costs

            Medians of one run, as ratios to a ping on the same connection; the delay is what the proxy adds to each request.
            The last two columns are a ping, and the reading of 1000 rows of 5 columns, over the adapter's socket as ratios to
            the same over the JDK's.

            | database | look at the socket, no delay | 0.5 ms | time of a look | ping | 1000 rows |
            | --- | --- | --- | --- | --- | --- |
            """);

    private FreshnessCosts() {}

    public static void main(String[] arguments) throws Exception {
        var costs = new FreshnessCosts();
        try (MariaDb server = MariaDb.start(MariaDbOptions.defaults())) {
            costs.measure("MariaDB", "org.mariadb.jdbc.MariaDbDataSource", server);
        }
        try (PostgreSql server = PostgreSql.start(PostgreSqlOptions.defaults())) {
            costs.measure("PostgreSQL", "org.postgresql.xa.PGXADataSource", server);
        }
        Files.writeString(Path.of("target/freshness-costs.md"), costs.report);
        System.out.println(costs.report);
    }

    private static PhysicalConnection open(
            String dataSource, DatabaseServer server, String url, Map<String, String> properties) throws SQLException {
        return new Connector(Database.of(dataSource), dataSource, url, properties, PATIENCE)
                .open(server.user(), server.password(), 1);
    }

    private void measure(String title, String dataSource, DatabaseServer server) throws Exception {
        Map<String, String> plain = Map.of("socketFactory", PlainSockets.class.getName());
        PhysicalConnection own = open(dataSource, server, server.jdbcUrl(), Map.of());
        PhysicalConnection jdks = open(dataSource, server, server.jdbcUrl(), plain);
        long[] medians = medians(ROUNDS, () -> look(own), () -> own.ping(PATIENCE), () -> jdks.ping(PATIENCE));
        fill(own.connection());
        long[] reads = medians(1_000, () -> read(own.connection()), () -> read(jdks.connection()));
        try (FaultProxy proxy = FaultProxy.of(server)) {
            proxy.latency(Duration.ofNanos(500_000));
            PhysicalConnection far = open(dataSource, server, server.jdbcUrl(proxy.port()), Map.of());
            long[] distant = medians(500, () -> look(far), () -> far.ping(PATIENCE));
            report.append(String.format(
                    Locale.ROOT,
                    "| %s | %.4f | %.4f | %.1f us | %.2f | %.2f |%n",
                    title,
                    (double) medians[0] / medians[1],
                    (double) distant[0] / distant[1],
                    medians[0] / 1_000.0,
                    (double) medians[1] / medians[2],
                    (double) reads[0] / reads[1]));
            far.close(Runnable::run);
        }
        own.close(Runnable::run);
        jdks.close(Runnable::run);
    }

    private static void look(PhysicalConnection connection) throws SQLException {
        if (connection.liveness() != Liveness.ALIVE) {
            throw new SQLException("not alive");
        }
    }

    private static void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table benchmark_row (id int primary key, amount bigint, owner varchar(40),"
                    + " town varchar(40), booked timestamp)");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into benchmark_row values (?, ?, 'owner of it', ?, now())")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setInt(1, i);
                insert.setLong(2, 1_000_003L * i);
                insert.setString(3, "town " + i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void read(Connection connection) throws SQLException {
        int count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select * from benchmark_row")) {
            while (rows.next()) {
                for (int column = 1; column <= COLUMNS; column++) {
                    rows.getObject(column);
                }
                count++;
            }
        }
        if (count != ROWS) {
            throw new SQLException(count + " rows");
        }
    }

    private static long[] medians(int rounds, Step... steps) throws SQLException {
        var nanos = new long[steps.length][rounds];
        for (int round = -Math.min(WARM_UP, rounds); round < rounds; round++) {
            for (int step = 0; step < steps.length; step++) {
                long began = System.nanoTime();
                steps[step].run();
                if (round >= 0) {
                    nanos[step][round] = System.nanoTime() - began;
                }
            }
        }
        return List.of(nanos).stream()
                .mapToLong(each -> {
                    Arrays.sort(each);
                    return each[each.length / 2];
                })
                .toArray();
    }
}

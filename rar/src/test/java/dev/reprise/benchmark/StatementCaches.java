// SPDX-License-Identifier: Apache-2.0
package dev.reprise.benchmark;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The most that a cache of prepared statements of our own could gain: a statement that is prepared, used once and closed,
 * as applications do, against one that stays open, for each way the drivers have of their own. Prints a table.
 */
public final class StatementCaches {

    private static final int ROUNDS = 4_000;
    private static final String SQL = "select n from work where id = ?";

    private record Candidate(
            String name, Connection connection, PreparedStatement kept, List<Long> fresh, List<Long> again) {}

    private StatementCaches() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(
                "| database | driver's options | time of one that stays open, to one that is closed: no delay | 0.5 ms |");
        System.out.println("| --- | --- | --- | --- |");
        try (MariaDb server = MariaDb.start(MariaDbOptions.defaults())) {
            measure(server, List.of("", "useServerPrepStmts=true", "useServerPrepStmts=true&cachePrepStmts=false"));
        }
        try (PostgreSql server = PostgreSql.start(PostgreSqlOptions.defaults())) {
            measure(server, List.of("", "prepareThreshold=1", "prepareThreshold=0"));
        }
    }

    private static void measure(DatabaseServer server, List<String> options) throws Exception {
        try (Connection connection = server.connect();
                var statement = connection.createStatement()) {
            statement.execute("create table work (id int primary key, n int not null)");
            statement.execute("insert into work values (1, 42)");
        }
        try (FaultProxy proxy = FaultProxy.of(server)) {
            var candidates = new ArrayList<Candidate>();
            for (String each : options) {
                Connection connection = DriverManager.getConnection(
                        server.jdbcUrl(proxy.port()) + "&" + each, server.user(), server.password());
                candidates.add(new Candidate(
                        each, connection, connection.prepareStatement(SQL), new ArrayList<>(), new ArrayList<>()));
            }
            List<StringBuilder> rows = candidates.stream()
                    .map(each -> new StringBuilder("| " + server.getClass().getSimpleName() + " | " + each.name))
                    .toList();
            for (Duration delay : List.of(Duration.ZERO, Duration.ofNanos(500_000))) {
                proxy.latency(delay);
                run(candidates, delay.isZero() ? ROUNDS : ROUNDS / 4);
                for (int i = 0; i < rows.size(); i++) {
                    rows.get(i).append(" | ").append(ratio(candidates.get(i)));
                }
            }
            rows.forEach(row -> System.out.println(row + " |"));
        }
    }

    /** In an order that changes: whoever is second finds all warm. */
    private static void run(List<Candidate> candidates, int rounds) throws SQLException {
        var random = new Random(1);
        for (int round = -rounds / 4; round < rounds; round++) {
            for (Candidate each : candidates) {
                read(each.kept);
                boolean keptFirst = random.nextBoolean();
                long first = keptFirst ? again(each) : fresh(each);
                long second = keptFirst ? fresh(each) : again(each);
                if (round >= 0) {
                    each.again.add(keptFirst ? first : second);
                    each.fresh.add(keptFirst ? second : first);
                }
            }
        }
    }

    private static long fresh(Candidate candidate) throws SQLException {
        long start = System.nanoTime();
        try (PreparedStatement statement = candidate.connection.prepareStatement(SQL)) {
            read(statement);
        }
        return System.nanoTime() - start;
    }

    private static long again(Candidate candidate) throws SQLException {
        long start = System.nanoTime();
        read(candidate.kept);
        return System.nanoTime() - start;
    }

    private static void read(PreparedStatement statement) throws SQLException {
        statement.setInt(1, 1);
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            row.getInt(1);
        }
    }

    private static String ratio(Candidate candidate) {
        return String.format(Locale.ROOT, "%.2f", median(candidate.again) / median(candidate.fresh));
    }

    private static double median(List<Long> nanos) {
        double median =
                nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
        nanos.clear();
        return median;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.benchmark;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.connector.RepriseResourceAdapter;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import javax.transaction.xa.XAResource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

/**
 * What each guard costs: a transaction of one update, committed in one phase, over one connection; all in one run, one
 * transaction after the other in turn, compared with the driver's own XAResource. Run by {@code mvn -Pbenchmarks}; the
 * result is {@code target/guard-costs.md}.
 */
public final class GuardCosts {

    private static final int WARM_UP = 200;
    private static final int ROUNDS = 1_000;

    /** One way to run a transaction. */
    private interface Way {
        void transaction(int number) throws Exception;
    }

    private static final class Candidate {

        final String name;
        final Way way;
        final long[] nanos = new long[ROUNDS];

        Candidate(String name, Way way) {
            this.name = name;
            this.way = way;
        }

        long median() {
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return sorted[ROUNDS / 2];
        }
    }

    private record Kind(String name, String dataSource, String ledger, List<CommitGuard> guards) {}

    private static final Kind MARIADB = new Kind(
            "MariaDB",
            "org.mariadb.jdbc.MariaDbDataSource",
            "ledger-mariadb.sql",
            List.of(CommitGuard.NONE, CommitGuard.LEDGER, CommitGuard.TWO_PHASE));

    private static final Kind POSTGRESQL = new Kind(
            "PostgreSQL",
            "org.postgresql.xa.PGXADataSource",
            "ledger-postgresql.sql",
            List.of(CommitGuard.NONE, CommitGuard.LEDGER, CommitGuard.NATIVE, CommitGuard.TWO_PHASE));

    private final StringBuilder report = new StringBuilder("""
            # What the commit guard costs

            A transaction of one update in one phase on the loopback interface: requests on the wire (counted by the proxy), and
            the median of its time as a ratio to the driver's own XAResource in the same run, with the delay that the proxy adds
            to each request.

            | database | way | requests | time, no delay | time, 0.5 ms | time, 2 ms |
            | --- | --- | --- | --- | --- | --- |
            """);

    private GuardCosts() {}

    public static void main(String[] arguments) throws Exception {
        var costs = new GuardCosts();
        try (MariaDb server = MariaDb.start(MariaDbOptions.defaults())) {
            costs.measure(MARIADB, "MariaDB, binlog off", server);
        }
        try (MariaDb server =
                MariaDb.start(MariaDbOptions.defaults().withBinlog().with("--sync-binlog=1"))) {
            costs.measure(MARIADB, "MariaDB, binlog on", server);
        }
        try (PostgreSql server = PostgreSql.start(PostgreSqlOptions.defaults())) {
            costs.measure(POSTGRESQL, "PostgreSQL", server);
        }
        Files.writeString(Path.of("target/guard-costs.md"), costs.report);
        System.out.println(costs.report);
    }

    private void measure(Kind kind, String title, DatabaseServer server) throws Exception {
        createTables(kind, server);
        var adapter = new RepriseResourceAdapter();
        try (FaultProxy proxy = proxy(server)) {
            List<Candidate> candidates = candidates(kind, server, proxy, adapter);
            var rows = new ArrayList<StringBuilder>();
            for (Candidate each : candidates) {
                rows.add(new StringBuilder("| " + title + " | " + each.name + " | " + requests(each, proxy)));
            }
            for (Duration delay : List.of(Duration.ZERO, Duration.ofNanos(500_000), Duration.ofMillis(2))) {
                proxy.latency(delay);
                run(candidates);
                for (int i = 0; i < candidates.size(); i++) {
                    double ratio = (double) candidates.get(i).median()
                            / candidates.get(0).median();
                    rows.get(i).append(String.format(Locale.ROOT, " | %.2f", ratio));
                }
            }
            rows.forEach(row -> report.append(row).append(" |\n"));
        } finally {
            adapter.stop();
        }
    }

    private static void createTables(Kind kind, DatabaseServer server) throws SQLException, IOException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table work (id int primary key, n int not null)");
            statement.execute("insert into work values (1, 0)");
            statement.execute(Files.readString(Path.of("../docs", kind.ledger())));
        }
    }

    private static FaultProxy proxy(DatabaseServer server) {
        return FaultProxy.of(server);
    }

    private static List<Candidate> candidates(
            Kind kind, DatabaseServer server, FaultProxy proxy, RepriseResourceAdapter adapter) throws Exception {
        var candidates = new ArrayList<Candidate>();
        XAConnection raw = driver(kind, server, proxy).getXAConnection(server.user(), server.password());
        candidates.add(new Candidate("the driver's own", way(raw.getConnection(), raw.getXAResource())));
        for (CommitGuard guard : kind.guards()) {
            var factory = new RepriseManagedConnectionFactory();
            factory.setXaDataSourceClass(kind.dataSource());
            factory.setUrl(server.jdbcUrl(proxy.port()));
            factory.setUser(server.user());
            factory.setPassword(server.password());
            factory.setReplay("off");
            factory.setCommitGuard(guard.text());
            factory.setResourceAdapter(adapter);
            ManagedConnection managed = factory.createManagedConnection(null, null);
            candidates.add(new Candidate(
                    guard.text(), way((Connection) managed.getConnection(null, null), managed.getXAResource())));
        }
        return candidates;
    }

    private static XADataSource driver(Kind kind, DatabaseServer server, FaultProxy proxy) throws SQLException {
        String url = server.jdbcUrl(proxy.port());
        if (kind.equals(MARIADB)) {
            return new MariaDbDataSource(url);
        }
        var dataSource = new PGXADataSource();
        dataSource.setUrl(url);
        return dataSource;
    }

    private static Way way(Connection connection, XAResource resource) throws SQLException {
        PreparedStatement update = connection.prepareStatement("update work set n = ? where id = 1");
        return number -> {
            var xid = new NumberedXid(number);
            resource.start(xid, XAResource.TMNOFLAGS);
            update.setInt(1, number);
            update.executeUpdate();
            resource.end(xid, XAResource.TMSUCCESS);
            resource.commit(xid, true);
        };
    }

    private static long requests(Candidate candidate, FaultProxy proxy) throws Exception {
        int transactions = 100;
        for (int i = 0; i < WARM_UP; i++) {
            candidate.way.transaction(i);
        }
        long before = proxy.requests();
        for (int i = 0; i < transactions; i++) {
            candidate.way.transaction(WARM_UP + i);
        }
        return Math.round((double) (proxy.requests() - before) / transactions);
    }

    /** In an order that changes, since what one leaves to be flushed another may pay for. */
    private static void run(List<Candidate> candidates) throws Exception {
        var order = new ArrayList<>(candidates);
        var random = new Random(1);
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            Collections.shuffle(order, random);
            for (Candidate each : order) {
                long start = System.nanoTime();
                each.way.transaction(WARM_UP + round);
                if (round >= 0) {
                    each.nanos[round] = System.nanoTime() - start;
                }
            }
        }
    }
}

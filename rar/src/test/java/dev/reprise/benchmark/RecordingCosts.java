// SPDX-License-Identifier: Apache-2.0
package dev.reprise.benchmark;

import static java.util.stream.Collectors.joining;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.connector.RepriseResourceAdapter;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import jakarta.resource.spi.ManagedConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What it costs to record a statement and a row: on a managed connection of a real server, but without asking it, so that
 * its time does not hide ours. Only {@link #fetch} asks. Run by {@code mvn -Pbenchmarks}; {@code target/recording-costs.md}
 * has the shortest time of each, since other work only adds to it, and {@code target/recording-costs.txt} all.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked with @Setup
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 12, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 100, time = 20, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public class RecordingCosts {

    private static final int STATEMENTS = 50;
    private static final int ROWS = 1_000;

    @Param({"MariaDB", "PostgreSQL"})
    public String database = "";

    @Param({"off", "on"})
    public String replay = "";

    private DatabaseServer server;
    private ManagedConnection managed;
    private Connection connection;
    private Statement statement;
    private PreparedStatement prepared;
    private ResultSet rows;
    private NumberedXid xid;
    private int transactions;

    @Setup
    public void start() throws Exception {
        boolean mariaDb = database.equals("MariaDB");
        server = mariaDb ? MariaDb.start(MariaDbOptions.defaults()) : PostgreSql.start(PostgreSqlOptions.defaults());
        try (Connection direct = server.connect();
                Statement create = direct.createStatement()) {
            create.execute("create table cost_row (id int primary key, amount bigint, owner varchar(40))");
            for (int i = 0; i <= ROWS; i++) {
                create.execute("insert into cost_row values (" + i + ", " + 1_000_003L * i + ", 'owner " + i + "')");
            }
        }
        var factory = new RepriseManagedConnectionFactory();
        factory.setXaDataSourceClass(
                mariaDb ? "org.mariadb.jdbc.MariaDbDataSource" : "org.postgresql.xa.PGXADataSource");
        factory.setUrl(server.jdbcUrl());
        factory.setUser(server.user());
        factory.setPassword(server.password());
        factory.setReplay(replay);
        factory.setResourceAdapter(new RepriseResourceAdapter());
        managed = factory.createManagedConnection(null, null);
        connection = (Connection) managed.getConnection(null, null);
        begin();
    }

    private void begin() throws Exception {
        xid = new NumberedXid(++transactions);
        managed.getXAResource().start(xid, XAResource.TMNOFLAGS);
        statement = connection.createStatement();
        prepared = connection.prepareStatement("update cost_row set amount = ?, owner = ? where id = ?");
        rows = connection.createStatement().executeQuery("select id, amount, owner from cost_row");
    }

    /** What is left open would be kept until the end: after some seconds the garbage collector would be measured. */
    private void end() throws Exception {
        statement.close();
        prepared.close();
        rows.getStatement().close();
        managed.getXAResource().end(xid, XAResource.TMSUCCESS);
        managed.getXAResource().rollback(xid);
    }

    @TearDown
    public void stop() throws Exception {
        end();
        managed.destroy();
        server.close();
    }

    /** A transaction of this many statements; its begin and end are not ours, and the same for both. */
    @Benchmark
    @OperationsPerInvocation(STATEMENTS)
    public void statement(Transaction transaction) throws SQLException {
        for (int i = 0; i < STATEMENTS; i++) {
            transaction.costs.statement.addBatch("update cost_row set amount = 1 where id = 1");
        }
    }

    @Benchmark
    @OperationsPerInvocation(STATEMENTS)
    public void statementWithThreeParameters(Transaction transaction) throws SQLException {
        PreparedStatement update = transaction.costs.prepared;
        for (int i = 0; i < STATEMENTS; i++) {
            update.setLong(1, 1_000_003L * i);
            update.setString(2, "owner");
            update.setInt(3, i);
            update.addBatch();
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void row(Transaction transaction, Blackhole hole) throws SQLException {
        ResultSet rows = transaction.costs.rows;
        for (int i = 0; i < ROWS; i++) {
            rows.next();
            hole.consume(rows.getInt(1));
            hole.consume(rows.getLong(2));
            hole.consume(rows.getString(3));
        }
    }

    @Benchmark
    public void fetch(Transaction transaction, Blackhole hole) throws SQLException {
        try (ResultSet fetched = transaction.costs.statement.executeQuery("select id, amount, owner from cost_row")) {
            while (fetched.next()) {
                hole.consume(fetched.getInt(1));
                hole.consume(fetched.getLong(2));
                hole.consume(fetched.getString(3));
            }
        }
    }

    /** One of its own for each invocation, so that no limit of what is recorded is reached. */
    @State(Scope.Thread)
    public static class Transaction {
        private RecordingCosts costs;

        @Setup(org.openjdk.jmh.annotations.Level.Invocation)
        public void begin(RecordingCosts all) throws Exception {
            costs = all;
            all.end();
            all.begin();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(
                                RecordingCosts.class.getSimpleName() + (arguments.length > 0 ? "." + arguments[0] : ""))
                        .addProfiler(GCProfiler.class)
                        .output("target/recording-costs.txt")
                        .build())
                .run();
        String table = table(results);
        Files.writeString(Path.of("target", "recording-costs.md"), table);
        System.out.println(table);
    }

    private static String table(Collection<RunResult> results) {
        var lines = new StringBuilder("| | database | replay | shortest of each JVM, ns | allocated, B |\n")
                .append("| --- | --- | --- | --- | --- |\n");
        for (RunResult each : results) {
            String shortest = each.getBenchmarkResults().stream()
                    .map(jvm -> "%.1f"
                            .formatted(jvm.getPrimaryResult().getStatistics().getMin()))
                    .collect(joining(", "));
            lines.append("| %s | %s | %s | %s | %.1f |%n"
                    .formatted(
                            each.getPrimaryResult().getLabel(),
                            each.getParams().getParam("database"),
                            each.getParams().getParam("replay"),
                            shortest,
                            Objects.requireNonNull(each.getSecondaryResults().get("gc.alloc.rate.norm"))
                                    .getScore()));
        }
        return lines.toString();
    }
}

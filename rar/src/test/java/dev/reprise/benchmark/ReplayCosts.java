// SPDX-License-Identifier: Apache-2.0
package dev.reprise.benchmark;

import com.sun.management.ThreadMXBean;
import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.connector.RepriseResourceAdapter;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import jakarta.resource.spi.ManagedConnection;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import javax.transaction.xa.XAResource;

/**
 * What it costs to record a transaction, so that it can be run again: the same work with {@code replay=on} and off, in one
 * run, in turn. Run by {@code mvn -Pbenchmarks}; the result is {@code target/replay-costs.md}.
 */
public final class ReplayCosts {

    private static final int ROUNDS = 1_500;
    private static final int STATEMENTS = 50;
    private static final int ROWS = 1_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** A connection of the adapter, and what its work has cost. */
    private static final class Way {
        private final ManagedConnection managed;
        private final Connection handle;
        private final long[] nanos = new long[ROUNDS];
        private final long[] bytes = new long[ROUNDS];
        private int transactions;

        Way(String dataSource, DatabaseServer server, String replay) throws Exception {
            var factory = new RepriseManagedConnectionFactory();
            factory.setXaDataSourceClass(dataSource);
            factory.setUrl(server.jdbcUrl());
            factory.setUser(server.user());
            factory.setPassword(server.password());
            factory.setReplay(replay);
            factory.setResourceAdapter(new RepriseResourceAdapter());
            managed = factory.createManagedConnection(null, null);
            handle = (Connection) managed.getConnection(null, null);
        }

        void run(Work work, int round) throws Exception {
            var xid = new NumberedXid(++transactions);
            managed.getXAResource().start(xid, XAResource.TMNOFLAGS);
            long allocated =
                    THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            long began = System.nanoTime();
            work.run(handle);
            long time = System.nanoTime() - began;
            long size = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - allocated;
            managed.getXAResource().end(xid, XAResource.TMSUCCESS);
            managed.getXAResource().rollback(xid);
            if (round >= 0) {
                nanos[round] = time;
                bytes[round] = size;
            }
        }

        double medianNanos() {
            return median(nanos);
        }

        double medianBytes() {
            return median(bytes);
        }

        private static double median(long[] values) {
            Arrays.sort(values);
            return values[values.length / 2];
        }
    }

    private final StringBuilder report = new StringBuilder("""
            # What it costs to record a transaction

            `replay=on` as a ratio to `off`, medians of one run, with what is allocated more.

            | database | work | time | more ns | more bytes |
            | --- | --- | --- | --- | --- |
            """);

    private ReplayCosts() {}

    public static void main(String[] arguments) throws Exception {
        var costs = new ReplayCosts();
        try (MariaDb server = MariaDb.start(MariaDbOptions.defaults())) {
            costs.measure("MariaDB", "org.mariadb.jdbc.MariaDbDataSource", server);
        }
        try (PostgreSql server = PostgreSql.start(PostgreSqlOptions.defaults())) {
            costs.measure("PostgreSQL", "org.postgresql.xa.PGXADataSource", server);
        }
        Files.writeString(Path.of("target/replay-costs.md"), costs.report);
        System.out.println(costs.report);
    }

    private void measure(String title, String dataSource, DatabaseServer server) throws Exception {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table cost_row (id int primary key, amount bigint, owner varchar(40))");
            for (int i = 0; i < ROWS; i++) {
                statement.execute("insert into cost_row values (" + i + ", " + 1_000_003L * i + ", 'owner " + i + "')");
            }
        }
        compare(title, dataSource, server, "a query of one row, with its parameter", STATEMENTS, connection -> {
            for (int i = 0; i < STATEMENTS; i++) {
                try (PreparedStatement query =
                        connection.prepareStatement("select amount from cost_row where id = ?")) {
                    query.setInt(1, i);
                    try (ResultSet rows = query.executeQuery()) {
                        rows.next();
                        rows.getLong(1);
                    }
                }
            }
        });
        compare(title, dataSource, server, "an update", STATEMENTS, connection -> {
            try (Statement update = connection.createStatement()) {
                for (int i = 0; i < STATEMENTS; i++) {
                    update.executeUpdate("update cost_row set amount = 1 where id = 1");
                }
            }
        });
        compare(title, dataSource, server, "a row of three columns, of 1000", ROWS, connection -> {
            try (Statement query = connection.createStatement();
                    ResultSet rows = query.executeQuery("select id, amount, owner from cost_row")) {
                while (rows.next()) {
                    rows.getInt(1);
                    rows.getLong(2);
                    rows.getString(3);
                }
            }
        });
    }

    private void compare(String title, String dataSource, DatabaseServer server, String name, int parts, Work work)
            throws Exception {
        var off = new Way(dataSource, server, "off");
        var on = new Way(dataSource, server, "on");
        for (int round = -ROUNDS / 2; round < ROUNDS; round++) {
            off.run(work, round);
            on.run(work, round);
        }
        report.append(String.format(
                Locale.ROOT,
                "| %s | %s | %.3f | %.0f | %.0f |%n",
                title,
                name,
                on.medianNanos() / off.medianNanos(),
                (on.medianNanos() - off.medianNanos()) / parts,
                (on.medianBytes() - off.medianBytes()) / parts));
        off.managed.destroy();
        on.managed.destroy();
    }
}

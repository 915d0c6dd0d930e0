// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.connector.RepriseResourceAdapter;
import dev.reprise.database.CommitGuard;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server is killed right after it has acknowledged a commit in one phase, with its binary log and without. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashedServerTest {

    private static final int ROUNDS = 4;
    private static final Map<Boolean, MariaDb> SERVERS = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        SERVERS.put(false, MariaDb.start(MariaDbOptions.defaults()));
        SERVERS.put(true, MariaDb.start(MariaDbOptions.defaults().withBinlog()));
        for (MariaDb server : SERVERS.values()) {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("create table work (name varchar(100) primary key, n int not null default 0)");
                statement.execute(Server.MARIADB.slots("reprise_slot"));
            }
        }
    }

    private static MariaDb server(boolean binlog) {
        return Objects.requireNonNull(SERVERS.get(binlog));
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(MariaDb::close);
    }

    static Stream<Object[]> guarded() {
        return Stream.of(
                new Object[] {false, CommitGuard.LEDGER},
                new Object[] {true, CommitGuard.LEDGER},
                new Object[] {false, CommitGuard.TWO_PHASE},
                new Object[] {true, CommitGuard.TWO_PHASE},
                new Object[] {false, CommitGuard.NONE});
    }

    @ParameterizedTest
    @MethodSource("guarded")
    void whatWasAcknowledgedIsStored(boolean binlog, CommitGuard guard) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String row = Bench.name();
            crashAfter(row, server(binlog), guard);
            assertThat(stored(server(binlog), row)).as("round " + round).isTrue();
            assertThat(server(binlog).preparedXids()).isEmpty();
        }
    }

    private static void crashAfter(String row, MariaDb server, CommitGuard guard) throws Exception {
        var adapter = new RepriseResourceAdapter();
        var factory = new RepriseManagedConnectionFactory();
        factory.setUrl(server.jdbcUrl());
        factory.setUser(server.user());
        factory.setPassword(server.password());
        factory.setCommitGuard(guard.text());
        factory.setResourceAdapter(adapter);
        var pooled = new Pooled(factory.createManagedConnection(null, null), Server.MARIADB.sessionQuery());
        pooled.work(BranchId.of(row), row);
        pooled.xa().commit(BranchId.of(row), true);
        server.kill();
        server.start();
        adapter.stop();
    }

    private static boolean stored(MariaDb server, String row) throws Exception {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select 1 from work where name = '" + row + "'")) {
            return rows.next();
        }
    }

    /** Why a branch is prepared before it is committed. If this fails, the server has become better than it was. */
    @Test
    void withoutAGuardAnAcknowledgedCommitIsLostWithTheBinaryLog() throws Exception {
        MariaDb server = server(true);
        List<String> lost = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            String row = Bench.name();
            crashAfter(row, server, CommitGuard.NONE);
            if (!stored(server, row)) {
                lost.add(row);
            }
            for (String xid : server.preparedXids()) {
                server.rollBackPrepared(xid);
            }
        }
        assertThat(lost).isNotEmpty();
    }
}

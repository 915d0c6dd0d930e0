// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class DatabasePairTest {

    @Test
    void mariaDb() throws Exception {
        try (DatabasePair pair = new MariaDbPair(MariaDbOptions.defaults())) {
            play(pair);
        }
    }

    @Test
    void postgreSql() throws Exception {
        try (DatabasePair pair = new PostgreSqlPair(PostgreSqlOptions.defaults())) {
            play(pair);
        }
    }

    private static void play(DatabasePair pair) throws SQLException {
        DatabaseServer first = pair.primary();
        DatabaseServer second = pair.replica();
        asUser(first, "create table played (n int primary key)");
        asUser(first, "insert into played values (1)");
        pair.awaitCaughtUp();
        assertThat(sum(second)).isEqualTo("1");
        assertThatExceptionOfType(SQLException.class)
                .as("a replica takes no writes")
                .isThrownBy(() -> asUser(second, "insert into played values (99)"));

        pair.demote();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> asUser(first, "insert into played values (98)"));
        pair.promote();
        assertThat(pair.primary()).isSameAs(second);
        asUser(second, "insert into played values (10)");
        pair.rejoin();
        assertThat(sum(first)).isEqualTo("11");

        pair.acknowledgeWhatIsCopied();
        asUser(second, "insert into played values (1000)");
        second.kill();
        pair.promote();
        asUser(first, "insert into played values (100)");
        assertThat(sum(first)).isEqualTo("1111");
        assertThat(first.isReady() && !second.isReady()).isTrue();
    }

    private static String sum(DatabaseServer server) throws SQLException {
        return DatabasePair.query(server, "select sum(n) from played");
    }

    private static void asUser(DatabaseServer server, String sql) throws SQLException {
        try (var connection = server.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whatTheReplicaHadNotGotIsMissingAfterItsPromotion() throws Exception {
        try (DatabasePair pair = new MariaDbPair(MariaDbOptions.defaults())) {
            asUser(pair.primary(), "create table played (n int primary key)");
            pair.awaitCaughtUp();
            pair.replica().stop();
            asUser(pair.primary(), "insert into played values (1)");
            pair.primary().kill();
            pair.replica().start();
            pair.promote();
            pair.primary().awaitReady(Duration.ofSeconds(10));
            assertThat(DatabasePair.query(pair.primary(), "select count(*) from played"))
                    .isEqualTo("0");
        }
    }
}

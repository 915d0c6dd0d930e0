// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.XADataSource;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the system does with an idle link, read from the socket of a connection that a driver has made. */
class TcpKeepaliveTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String MARIADB = "org.mariadb.jdbc.MariaDbDataSource";

    /** Whether it is on, its idle time and interval in seconds, and its count. */
    private static List<Object> options(String dataSource, String urlOption, Map<String, String> driverProperties)
            throws Exception {
        DatabaseServer server = dataSource.equals(MARIADB) ? TestDatabase.mariaDb() : TestDatabase.postgreSql();
        String url = server.jdbcUrl();
        if (!urlOption.isEmpty()) {
            url += (url.contains("?") ? "&" : "?") + urlOption;
        }
        OwnedSockets sockets = OwnedSockets.of(dataSource);
        XADataSource driver = DriverDataSource.create(
                dataSource,
                Database.of(dataSource).dataSourceProperties(url, driverProperties, LIMIT, sockets.factory()));
        return sockets.during(LIMIT, made -> {
            var connection = driver.getXAConnection(server.user(), server.password());
            try {
                OwnedSocket socket = made.get().orElseThrow();
                return List.of(
                        socket.getOption(StandardSocketOptions.SO_KEEPALIVE),
                        socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE),
                        socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                        socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                connection.close();
            }
        });
    }

    @ParameterizedTest
    @CsvSource({MARIADB, "org.postgresql.xa.PGXADataSource"})
    void isPresetSoThatTwoMinutesSuffice(String dataSource) throws Exception {
        assertThat(options(dataSource, "", Map.of())).containsExactly(true, 60, 10, 3);
    }

    @ParameterizedTest
    @CsvSource({
        MARIADB + ", tcpKeepAlive=false, false, 60, 10, 3",
        MARIADB + ", tcpKeepIdle=33, true, 33, 10, 3",
        MARIADB + ", tcpKeepInterval=7, true, 60, 7, 3",
        MARIADB + ", tcpKeepCount=9, true, 60, 10, 9",
        "org.postgresql.xa.PGXADataSource, tcpKeepAlive=false, false, 60, 10, 3"
    })
    void anOptionOfTheDriverWins(String dataSource, String option, boolean on, int idle, int interval, int count)
            throws Exception {
        String[] parts = option.split("=", -1);
        assertThat(options(dataSource, option, Map.of())).as("in the URL").containsExactly(on, idle, interval, count);
        assertThat(options(dataSource, "", Map.of(parts[0], parts[1])))
                .as("among the properties")
                .containsExactly(on, idle, interval, count);
    }
}

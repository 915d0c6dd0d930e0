// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.TestDatabase;
import dev.reprise.database.Database;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {

    /** Wherever the server itself is, the proxy is on this machine. */
    private static DatabaseServer server(BadInput.Product product) {
        return product == BadInput.Product.MARIADB ? TestDatabase.mariaDb() : TestDatabase.postgreSql();
    }

    @ParameterizedTest
    @EnumSource(names = "OTHER", mode = EnumSource.Mode.EXCLUDE)
    void isSaidOnceForEachFactory(BadInput.Product product) throws Exception {
        try (var proxy = FaultProxy.of(server(product));
                var logged = new Logged()) {
            // this machine, by an address that does not look like it
            String url = server(product).jdbcUrl(proxy.port()).replace("127.0.0.1", "0.0.0.0");
            var dataSource = BadInput.of(product, "url", url).wrong().createConnectionFactory();
            dataSource.getConnection().close();
            dataSource.getConnection().close();
            assertThat(logged.count("REPRISE0028")).isEqualTo(1);
            assertThat(logged.text()).contains("Connections to 0.0.0.0:").doesNotContain("sslmode");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "OTHER", mode = EnumSource.Mode.EXCLUDE)
    void onThisMachineNothingIsSaid(BadInput.Product product) throws Exception {
        try (var proxy = FaultProxy.of(server(product));
                var logged = new Logged()) {
            String url = server(product).jdbcUrl(proxy.port());
            BadInput.of(product, "url", url)
                    .wrong()
                    .createConnectionFactory()
                    .getConnection()
                    .close();
            assertThat(logged.count("REPRISE0028")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:mariadb://localhost/app",
                "jdbc:mariadb://LOCALHOST:3306/app?a=//b",
                "jdbc:postgresql://127.0.0.1:5432/app",
                "jdbc:postgresql://127.8.9.1/app",
                "jdbc:mariadb://[::1]:3306/app",
                "jdbc:postgresql:app",
                "jdbc:mariadb:///app?localSocket=/run/mysqld.sock"
            })
    void staysOnThisMachine(String url) {
        assertThat(Database.leavesThisMachine(url)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mariadb://db.example.org/app, db.example.org",
        "jdbc:postgresql://10.0.0.1:5432/app?host=localhost, 10.0.0.1:5432",
        "jdbc:mariadb://[2001:db8::1]:3306/app, [2001:db8::1]:3306",
        "jdbc:mariadb://127.example.org/app, 127.example.org"
    })
    void leavesThisMachine(String url, String endpoint) {
        assertThat(Database.leavesThisMachine(url)).isTrue();
        assertThat(Database.endpoint(url)).isEqualTo(endpoint);
    }
}

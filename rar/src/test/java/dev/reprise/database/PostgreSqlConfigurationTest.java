// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgreSqlConfigurationTest {

    private static final String URL = "jdbc:postgresql://db.example.org:5432/app";
    private final Database database = new PostgreSql();

    @ParameterizedTest
    @ValueSource(
            strings = {"", URL, URL + "?sslmode=require", "jdbc:postgresql://[::1]:5432/app", "jdbc:postgresql:app"})
    void takesOneHost(String url) {
        assertThat(database.refusals(url, Map.of())).isEmpty();
    }

    @Test
    void refusesWhatIsNoUrlOfItsOwn() {
        assertThat(database.refusals("jdbc:mariadb://localhost/app", Map.of()))
                .containsExactly("url: must look like jdbc:postgresql://host:port/database");
    }

    @Test
    void refusesSeveralHosts() {
        assertThat(database.refusals("jdbc:postgresql://one,two:5433/app", Map.of()))
                .containsExactly("url: several hosts are the driver's own fail-over; allowed is one host,"
                        + " jdbc:postgresql://host:port/database");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serverName=one,two", "url=jdbc:postgresql://one,two/app"})
    void refusesSeveralHostsThatTheDriverIsToldByItself(String property) {
        String[] pair = property.split("=", 2);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Connector(
                        database,
                        "org.postgresql.xa.PGXADataSource",
                        "",
                        Map.of(pair[0], pair[1]),
                        Duration.ofSeconds(1)))
                .withMessage("driverProperties: several hosts are the driver's own fail-over; allowed is one host, and"
                        + " failoverUrls for others");
    }

    @Test
    void refusesAPasswordThatAnybodyCanRead() {
        String message = "password: must not stand in url or driverProperties; set the property password, or let the"
                + " container sign on";
        assertThat(database.refusals(URL + "?password=hunter2", Map.of())).containsExactly(message);
        assertThat(database.refusals(URL, Map.of("password", "hunter2"))).containsExactly(message);
    }

    @Test
    void theUrlIsSetFirstAndThenWhatTheAdministratorWrote() {
        var properties = new LinkedHashMap<String, String>();
        properties.put("sslmode", "require");
        properties.put("loginTimeout", "9");
        assertThat(database.dataSourceProperties(URL, properties, Duration.ofMillis(2500), "a.Factory"))
                .containsExactly(
                        Map.entry("url", URL),
                        Map.entry("connectTimeout", "2"),
                        Map.entry("loginTimeout", "9"),
                        Map.entry("socketFactory", "a.Factory"),
                        Map.entry("tcpKeepAlive", "true"),
                        Map.entry("sslmode", "require"));
    }

    @Test
    void aTimeoutBelowASecondIsASecond() {
        assertThat(database.dataSourceProperties("", Map.of(), Duration.ofMillis(1), ""))
                .containsExactly(Map.entry("connectTimeout", "1"), Map.entry("loginTimeout", "1"));
    }
}

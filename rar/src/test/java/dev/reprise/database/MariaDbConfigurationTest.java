// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MariaDbConfigurationTest {

    private static final String URL = "jdbc:mariadb://db.example.org:3306/app";
    private final Database database = new MariaDb();

    private List<String> refusals(String url) {
        return database.refusals(url, Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                URL,
                URL + "?sslMode=trust",
                URL + "?transactionReplay=false&autocommit=true",
                "jdbc:mariadb://[::1]:3306/app",
                "jdbc:mariadb://localhost",
                "jdbc:mysql://localhost/app?permitMysqlScheme"
            })
    void takesOneHost(String url) {
        assertThat(refusals(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jdbc:postgresql://localhost/app", "localhost:3306", "jdbc:mariadb:localhost"})
    void refusesWhatIsNoUrlOfItsOwn(String url) {
        assertThat(refusals(url)).containsExactly("url: must look like jdbc:mariadb://host:port/database");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:mariadb:sequential://one/app",
                "jdbc:mariadb:loadbalance://one/app",
                "jdbc:mariadb:replication://one,two/app",
                "jdbc:mariadb:load-balance-read://one/app",
                "jdbc:mariadb://one,two:3307/app",
                "jdbc:mariadb://address=(host=one)(port=3306)(type=primary)/app"
            })
    void refusesTheDriversOwnHighAvailability(String url) {
        assertThat(refusals(url))
                .containsExactly("url: the driver's high-availability modes and lists of hosts change the server inside"
                        + " a transaction; allowed is one host, jdbc:mariadb://host:port/database");
    }

    @ParameterizedTest
    @CsvSource({
        "transactionReplay=true, transactionReplay=true: the driver's replay commits twice",
        "TRANSACTIONREPLAY=1, transactionReplay=1: the driver's replay commits twice",
        "transactionReplay, transactionReplay=: the driver's replay commits twice",
        "autocommit=false, autocommit=false: connections must begin in auto-commit mode; allowed is true",
        "autocommit=0, autocommit=0: connections must begin in auto-commit mode; allowed is true",
        "pinGlobalTxToPhysicalConnection=true, pinGlobalTxToPhysicalConnection=true: branches are bound",
        "password=hunter2, password: must not stand in url or driverProperties"
    })
    void refusesInTheUrlAndInItsProperties(String option, String message) {
        assertThat(refusals(URL + "?sslMode=trust&" + option + "&useCompression=true"))
                .singleElement()
                .asString()
                .startsWith(message)
                .doesNotContain("hunter2");

        String[] nameAndValue = (option + (option.contains("=") ? "" : "=")).split("=", -1);
        assertThat(database.refusals(URL, Map.of(nameAndValue[0], nameAndValue[1])))
                .singleElement()
                .asString()
                .startsWith(message)
                .doesNotContain("hunter2");
    }

    @Test
    void namesEverythingThatIsWrong() {
        assertThat(refusals("jdbc:mariadb:sequential://one,two/app?transactionReplay=true&password=x&autocommit=false"))
                .hasSize(4);
    }

    @Test
    void aPropertyCannotHideWhatTheUrlSays() {
        assertThat(database.refusals(URL + "?transactionReplay=true", Map.of("transactionReplay", "false")))
                .hasSize(1);
    }

    @Test
    void aValueCannotHideAnotherOption() {
        assertThat(database.refusals(URL, Map.of("sessionVariables", "a=1&transactionReplay=true")))
                .containsExactly(
                        "driverProperties: the value of sessionVariables has a '&', which begins another option"
                                + " of the driver; allowed is a value without");
    }

    @Test
    void theDriverTakesItsOptionsInTheUrl() {
        var properties = new LinkedHashMap<String, String>();
        properties.put("sslMode", "trust");
        assertThat(database.dataSourceProperties(URL, properties, Duration.ofMillis(1500), "a.Factory"))
                .containsExactly(Map.entry("url", URL + "?connectTimeout=1500&socketFactory=a.Factory&sslMode=trust"));
    }

    @Test
    void whatTheAdministratorWroteWins() {
        assertThat(database.dataSourceProperties(
                        URL + "?connectTimeout=7", Map.of("connectTimeout", "8"), Duration.ofMillis(1500), ""))
                .containsExactly(Map.entry("url", URL + "?connectTimeout=7"));
        assertThat(database.dataSourceProperties(URL, Map.of("connectTimeout", "8"), Duration.ofMillis(1500), ""))
                .containsExactly(Map.entry("url", URL + "?connectTimeout=8"));
    }
}

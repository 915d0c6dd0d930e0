// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.resource.spi.InvalidPropertyException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final String PREFIX = "Reprise cannot be used as configured: ";
    private static final String MARIADB = "org.mariadb.jdbc.MariaDbDataSource";

    /** What an administrator writes, beginning with what is right. */
    private static final class Written {
        private final Map<String, String> properties = new HashMap<>(Map.of("url", "jdbc:mariadb://localhost/app"));

        Written with(String property, String value) {
            properties.put(property, value);
            return this;
        }

        Settings read() throws InvalidPropertyException {
            return Settings.of(properties);
        }
    }

    private static void refused(Written written, String message) {
        assertThatExceptionOfType(InvalidPropertyException.class)
                .isThrownBy(written::read)
                .withMessage(PREFIX + message);
    }

    @Test
    void eachFailoverUrlIsCheckedAsTheUrlIs() {
        refused(
                new Written().with("failoverUrls", "jdbc:mariadb://two/app jdbc:mariadb://three,four/app"),
                "failoverUrls: url: the driver's high-availability modes and lists of hosts change the server inside a"
                        + " transaction; allowed is one host, jdbc:mariadb://host:port/database");
        refused(
                new Written().with("failoverUrls", "jdbc:mariadb://two/app?password=hunter2"),
                "failoverUrls: password: must not stand in url or driverProperties; set the property password, or let"
                        + " the container sign on");
    }

    /** They would be read as a part of a database's name, and nobody would notice before the fail-over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:mariadb://two/app, jdbc:mariadb://three/app",
                "jdbc:mariadb://two/app,jdbc:mariadb://three/app",
                "jdbc:mariadb://two/app?tcpKeepAlive=true;jdbc:mariadb://three/app",
                "jdbc:mariadb://two/app;"
            })
    void failoverUrlsThatAreSeparatedOtherwiseAreRefused(String urls) {
        refused(
                new Written().with("failoverUrls", urls),
                "failoverUrls: a comma or semicolon separates its URLs; allowed is white space");
    }

    @Test
    void failoverUrlsThatLeadNowhereElseAreRefused() {
        refused(
                new Written()
                        .with("xaDataSourceClass", "org.postgresql.xa.PGXADataSource")
                        .with("url", "jdbc:postgresql://one/app")
                        .with("failoverUrls", "jdbc:postgresql://two/app")
                        .with("driverProperties", "serverName=three"),
                "failoverUrls: driverProperties say where the database is, for all URLs alike; allowed is url, and"
                        + " failoverUrls");
    }

    @Test
    void readsEachProperty() throws InvalidPropertyException {
        var written = new Written();
        written.with("url", "  jdbc:mariadb://localhost/app\n");
        written.with("driverProperties", "sslMode=trust; sessionVariables = b=c ;");
        written.with("connectTimeoutMillis", " 1 ");
        written.with("validateOnMatch", "false").with("newConnectionSql", " select 1 ");
        Settings settings = written.read();
        assertThat(settings.xaDataSourceClass()).isEqualTo(MARIADB);
        assertThat(settings.url()).isEqualTo("jdbc:mariadb://localhost/app");
        assertThat(settings.driverProperties())
                .containsExactly(Map.entry("sslMode", "trust"), Map.entry("sessionVariables", "b=c"));
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofMillis(1));
        assertThat(settings.freshness().timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.controlTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.freshness().onMatch()).isFalse();
        assertThat(settings.sessions().newConnectionSql()).isEqualTo("select 1");
        assertThat(settings.database().name()).isEqualTo("MariaDB");
    }

    @ParameterizedTest
    @CsvSource({
        "connectTimeoutMillis, 0",
        "connectTimeoutMillis, soon",
        "validationTimeoutMillis, -1",
        "validationTimeoutMillis, ''",
        "controlTimeoutMillis, 2147483648",
        "controlTimeoutMillis, 5s"
    })
    void aTimeThatIsNone(String property, String value) {
        refused(
                new Written().with(property, value),
                property + ": " + value + "; allowed is a whole number of milliseconds from 1 to 2147483647");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "TRUE", "", "1"})
    void aFlagThatIsNone(String value) {
        var written = new Written();
        written.with("validateOnMatch", value);
        refused(written, "validateOnMatch: " + value + "; allowed is true or false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "=hunter2", "sslMode=trust;hunter2"})
    void driverPropertiesWithoutANameAreNotShownSinceTheyMayBeSecret(String value) {
        var written = new Written();
        written.with("driverProperties", value);
        refused(written, "driverProperties: an entry has no '='; allowed is name=value;name=value");
    }

    @Test
    void nothingThatSaysWhereTheDatabaseIs() {
        var written = new Written();
        written.with("url", " ");
        refused(written, "url: must look like jdbc:mariadb://host:port/database");
        written.with("xaDataSourceClass", "org.h2.jdbcx.JdbcDataSource");
        refused(
                written,
                "url: is empty; allowed is the JDBC URL of the database, or driverProperties that say where it is");
    }

    @Test
    void allThatIsWrongIsInOneMessage() {
        var written = new Written();
        written.with("url", "jdbc:mariadb://one,two/app?transactionReplay=true");
        written.with("driverProperties", "what");
        written.with("connectTimeoutMillis", "0");
        written.with("validationTimeoutMillis", "no");
        written.with("controlTimeoutMillis", "");
        written.with("validateOnMatch", "maybe");
        assertThatExceptionOfType(InvalidPropertyException.class)
                .isThrownBy(written::read)
                .satisfies(e -> assertThat(e.getMessage())
                        .contains(
                                "driverProperties: ",
                                "connectTimeoutMillis: 0;",
                                "validationTimeoutMillis: no;",
                                "controlTimeoutMillis: ;",
                                "validateOnMatch: maybe;",
                                "url: the driver's high-availability modes",
                                "transactionReplay=true: "));
    }

    @ParameterizedTest
    @CsvSource({
        MARIADB + ", native, 'auto, ledger, two-phase, none'",
        MARIADB + ", LEDGER, 'auto, ledger, two-phase, none'",
        "org.postgresql.xa.PGXADataSource, no, 'auto, ledger, native, two-phase, none'",
        "org.h2.jdbcx.JdbcDataSource, ledger, 'auto, none, two-phase'"
    })
    void aGuardThatTheDatabaseDoesNotHave(String driver, String guard, String allowed) {
        var written = new Written();
        written.with("xaDataSourceClass", driver);
        if (driver.startsWith("org.postgresql")) {
            written.with("url", "jdbc:postgresql://localhost/app");
        }
        written.with("commitGuard", guard);
        refused(written, "commitGuard: " + guard + "; allowed is one of " + allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "0, slots, node, none, 'guardTimeoutSeconds: 0; allowed is a whole number of seconds from 1 to 86400'",
        "86401, slots, node, none, 'guardTimeoutSeconds: 86401; allowed is a whole number of seconds from 1 to 86400'",
        "30, 'slots; drop table t', node, none, 'ledgerTable: slots; drop table t; allowed is the name of a table, or schema.name'",
        "30, a.b.c, node, none, 'ledgerTable: a.b.c; allowed is the name of a table, or schema.name'",
        "30, slots, a/b, none, 'nodeName: a/b; allowed is 1 to 60 of the characters A-Z a-z 0-9 . _ -'",
        "30, slots, node, maybe, 'failoverFencing: maybe; allowed is one of none, guaranteed'"
    })
    void aGuardThatIsConfiguredWrongly(String seconds, String table, String node, String fencing, String message) {
        var written = new Written();
        written.with("guardTimeoutSeconds", seconds)
                .with("ledgerTable", table)
                .with("nodeName", node)
                .with("failoverFencing", fencing);
        refused(written, message);
    }

    @Test
    void aServerThatHasNoNameOfItsOwnGetsOneThatStays() throws InvalidPropertyException {
        String name = new Written().read().guarding().node();
        assertThat(name)
                .hasSizeBetween(1, 60)
                .isEqualTo(new Written().read().guarding().node());
    }
}

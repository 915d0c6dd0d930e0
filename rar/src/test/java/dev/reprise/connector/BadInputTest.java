// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.BadInput.Product.MARIADB;
import static dev.reprise.connector.BadInput.Product.OTHER;
import static dev.reprise.connector.BadInput.Product.POSTGRESQL;
import static dev.reprise.connector.BadInput.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.connector.BadInput.Product;
import jakarta.resource.spi.InvalidPropertyException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever an administrator writes, and whatever answers where the database should be: it takes no longer than a small
 * multiple of the connect timeout, the message says what is wrong, where and what is allowed, but no secret, nothing is
 * left behind, and afterwards the right value works.
 */
class BadInputTest {

    private static final Duration BOUND = Duration.ofSeconds(5);
    private static final String MARIADB_HOST = "jdbc:mariadb://127.0.0.1:" + 3306 + "/app";
    private static final String POSTGRESQL_HOST = "jdbc:postgresql://127.0.0.1:" + 5432 + "/app";

    /** Threads of the tests, and of the adapter, which ends its idle ones itself. */
    private static final Pattern OTHERS = Pattern.compile("(awaitility|junit|fake-server|reprise)-.*");

    // ---- found when it is activated

    static Stream<BadInput> refused() {
        return Stream.of(numbers(), words(), texts(), urls(), classes(), options(), tls())
                .flatMap(each -> each);
    }

    private static Stream<BadInput> numbers() {
        return Stream.of(
                        "connectTimeoutMillis",
                        "controlTimeoutMillis",
                        "validationTimeoutMillis",
                        "trustWindowMillis",
                        "pingAfterIdleMillis",
                        "maxLifetimeSeconds",
                        "keepaliveSeconds",
                        "queryTimeoutSeconds",
                        "guardTimeoutSeconds")
                .flatMap(property -> Stream.of("", " ", "soon", "-1", "2147483648", "5s", "1.5", "1 000", "0x10")
                        .map(value -> BadInput.of(
                                MARIADB,
                                property,
                                value,
                                property + ": " + value.strip() + "; allowed is a whole number of "
                                        + (property.endsWith("Millis") ? "milliseconds" : "seconds") + " from ")));
    }

    private static Stream<BadInput> words() {
        Stream<BadInput> flags = Stream.of(
                        "validateOnMatch",
                        "resetOnReturn",
                        "queryTimeoutFromTransaction",
                        "requireTransaction",
                        "requireVerifiedTls")
                .flatMap(property -> Stream.of("", "yes", "TRUE", "1")
                        .map(value -> BadInput.of(
                                MARIADB, property, value, property + ": " + value + "; allowed is true or false")));
        Stream<BadInput> choices = Stream.of(
                        "requiredRole", "transactionIsolation", "trackStatements", "commitGuard", "failoverFencing")
                .flatMap(property -> Stream.of("nonsense", "Any", "auto,none")
                        .map(value -> BadInput.of(
                                POSTGRESQL, property, value, property + ": " + value + "; allowed is one of ")));
        return Stream.concat(flags, choices);
    }

    private static Stream<BadInput> texts() {
        return Stream.of(
                BadInput.of(
                        MARIADB,
                        "ledgerTable",
                        "slots; drop table t",
                        "ledgerTable: ",
                        "allowed is the name of a table"),
                BadInput.of(MARIADB, "ledgerTable", "", "ledgerTable: ", "allowed is the name of a table"),
                BadInput.of(MARIADB, "nodeName", "a/b", "nodeName: a/b", "allowed is 1 to 60 of the characters"),
                BadInput.of(MARIADB, "nodeName", "n".repeat(61), "nodeName: ", "allowed is 1 to 60 of the characters"),
                BadInput.of(MARIADB, "commitGuard", "native", "commitGuard: native; allowed is one of auto, ledger"),
                BadInput.of(OTHER, "commitGuard", "ledger", "commitGuard: ledger; allowed is one of auto, none"));
    }

    private static Stream<BadInput> urls() {
        String shape = "url: must look like jdbc:mariadb://host:port/database";
        String host = "url: its host or port cannot be read; allowed is jdbc:mariadb://host:port/database";
        String many = "allowed is one host, jdbc:mariadb://host:port/database";
        Stream<BadInput> mariaDb = Stream.of(
                BadInput.of(MARIADB, "url", "", shape),
                BadInput.of(MARIADB, "url", "localhost:3306", shape),
                BadInput.of(MARIADB, "url", "jdbc:mariadb:localhost", shape),
                BadInput.of(MARIADB, "url", "jdbc:oracle:thin:@localhost:1521/x", shape),
                BadInput.of(MARIADB, "url", POSTGRESQL_HOST, shape),
                BadInput.of(MARIADB, "url", "jdbc:mysql://localhost/app", "url: jdbc:mysql: is taken with the option"),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://one,two/app", many),
                BadInput.of(MARIADB, "url", "jdbc:mariadb:replication://one/app", many),
                BadInput.of(MARIADB, "url", "jdbc:mariadb:sequential://one/app", many),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://address=(host=one)(port=1)/app", many),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://h:abc/app", host),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://h:99999/app", host),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://h:0/app", host),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://a b/app", host),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://[::1/app", host),
                BadInput.of(MARIADB, "url", "jdbc:mariadb://me:" + SECRET + "@h/app", host),
                BadInput.of(MARIADB, "url", MARIADB_HOST + "?password=" + SECRET, "password: must not stand in url"),
                BadInput.of(MARIADB, "url", MARIADB_HOST + "?Password=" + SECRET, "password: must not stand in url"),
                BadInput.of(MARIADB, "url", MARIADB_HOST + "?user=me", "user: must not stand in url"),
                BadInput.of(MARIADB, "url", MARIADB_HOST + "?a=1?b=2", "url: a is no option of MariaDB Connector/J"),
                BadInput.of(
                        MARIADB,
                        "url",
                        MARIADB_HOST + "?pasword=" + SECRET,
                        "url: pasword is no option",
                        "did you mean password?"),
                BadInput.of(
                        MARIADB,
                        "url",
                        MARIADB_HOST + "?sslMod=verify-full",
                        "url: sslMod is no option",
                        "did you mean sslMode?"),
                BadInput.of(
                        MARIADB,
                        "url",
                        MARIADB_HOST + "?sslMode=on",
                        "url: sslMode=on is refused by the driver; allowed is: ",
                        "verify-full"),
                BadInput.of(
                        MARIADB,
                        "url",
                        MARIADB_HOST + "?socketTimeout=5s",
                        "url: socketTimeout=5s is refused by the driver"),
                BadInput.of(
                        MARIADB,
                        "url",
                        MARIADB_HOST + "?transactionReplay=true",
                        "transactionReplay=true: ",
                        "allowed is false"),
                BadInput.of(
                        MARIADB, "url", MARIADB_HOST + "?autocommit=false", "autocommit=false: ", "allowed is true"));
        String second = "url: must look like jdbc:postgresql://host:port/database";
        String secondHost = "url: its host, port or database cannot be read; allowed is jdbc:postgresql://";
        Stream<BadInput> postgreSql = Stream.of(
                BadInput.of(POSTGRESQL, "url", MARIADB_HOST, second),
                BadInput.of(POSTGRESQL, "url", "jdbc:postgresql://one,two/app", "url: several hosts"),
                BadInput.of(POSTGRESQL, "url", "jdbc:postgresql://h:abc/app", secondHost),
                BadInput.of(POSTGRESQL, "url", "jdbc:postgresql://h:99999/app", secondHost),
                BadInput.of(POSTGRESQL, "url", "jdbc:postgresql://h", secondHost),
                BadInput.of(POSTGRESQL, "url", "jdbc:postgresql://me:" + SECRET + "@h/app", secondHost),
                BadInput.of(
                        POSTGRESQL,
                        "url",
                        "jdbc:postgresql://h/a%zz?sslpassword=" + SECRET,
                        "url: refused by the driver"),
                BadInput.of(
                        POSTGRESQL, "url", POSTGRESQL_HOST + "?password=" + SECRET, "password: must not stand in url"),
                BadInput.of(
                        POSTGRESQL,
                        "url",
                        POSTGRESQL_HOST + "?SSLMODE=require",
                        "url: SSLMODE is no option of pgjdbc",
                        "did you mean sslmode?"),
                BadInput.of(
                        POSTGRESQL,
                        "url",
                        POSTGRESQL_HOST + "?sslmode=on",
                        "url: sslmode=on; allowed is one of disable, allow"),
                BadInput.of(
                        POSTGRESQL,
                        "url",
                        POSTGRESQL_HOST + "?socketTimeout=5s",
                        "url: socketTimeout=5s; allowed is a whole number"));
        Stream<BadInput> other = Stream.of(BadInput.of(OTHER, "url", "", "url: is empty; allowed is the JDBC URL"));
        return Stream.of(mariaDb, postgreSql, other).flatMap(each -> each);
    }

    private static Stream<BadInput> tls() {
        String contradicts = " contradicts requireVerifiedTls=true; allowed is ";
        Stream<BadInput> mariaDb = Stream.of(
                        "sslMode=trust",
                        "sslMode=verify-ca",
                        "SSLMODE=disable",
                        "trustServerCertificate=true",
                        "disableSslHostnameVerification=true",
                        "useSsl=false")
                .flatMap(option -> Stream.of(
                        BadInput.of(
                                        MARIADB,
                                        "driverProperties",
                                        option + ";serverSslCert=/x",
                                        "driverProperties: " + option + contradicts)
                                .and("requireVerifiedTls", "true"),
                        BadInput.of(
                                        MARIADB,
                                        "url",
                                        MARIADB_HOST + "?serverSslCert=/x&" + option,
                                        "url: " + option + contradicts)
                                .and("requireVerifiedTls", "true")));
        Stream<BadInput> postgreSql = Stream.of(
                        "sslmode=require",
                        "sslmode=prefer",
                        "sslfactory=org.postgresql.ssl.NonValidatingFactory",
                        "sslhostnameverifier=org.example.Any",
                        "ssl=false",
                        "gssEncMode=require")
                .map(option -> BadInput.of(
                                POSTGRESQL, "url", POSTGRESQL_HOST + "?" + option, "url: " + option + contradicts)
                        .and("requireVerifiedTls", "true"));
        Stream<BadInput> other = Stream.of(BadInput.of(
                OTHER, "requireVerifiedTls", "true", "of this driver it is not known how; allowed is false"));
        return Stream.of(mariaDb, postgreSql, other).flatMap(each -> each);
    }

    private static Stream<BadInput> classes() {
        return Stream.of(
                BadInput.of(MARIADB, "xaDataSourceClass", "", "xaDataSourceClass: ", "must be inside the .rar"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        "org.example.Missing",
                        "xaDataSourceClass: org.example.Missing cannot be loaded",
                        "must be inside the .rar"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        "org.mariadb.jdbc.MariaDbDatasource",
                        "org.mariadb.jdbc.MariaDbDatasource cannot be loaded",
                        "must be inside the .rar"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        "java.lang.Object",
                        "java.lang.Object is no javax.sql.XADataSource; allowed are classes that are"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        BadDrivers.Abstract.class.getName(),
                        "cannot be made; allowed are public classes that are not abstract"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        BadDrivers.WithParameter.class.getName(),
                        "cannot be made; allowed are public classes"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        BadDrivers.Failing.class.getName(),
                        "its constructor fails with java.lang.IllegalStateException: no licence"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        BadDrivers.FailingToLoad.class.getName(),
                        "FailingToLoad cannot be loaded"),
                BadInput.of(
                        MARIADB,
                        "xaDataSourceClass",
                        "javax.sql.XADataSource",
                        "javax.sql.XADataSource cannot be made"));
    }

    private static Stream<BadInput> options() {
        String all = "driverProperties: org.postgresql.xa.PGXADataSource has no property ";
        return Stream.of(
                BadInput.of(
                        MARIADB,
                        "driverProperties",
                        "useCompression",
                        "driverProperties: an entry has no '='; allowed is name=value"),
                BadInput.of(MARIADB, "driverProperties", "=" + SECRET, "driverProperties: an entry has no '='"),
                BadInput.of(
                        MARIADB,
                        "driverProperties",
                        "password=" + SECRET,
                        "password: must not stand in url or driverProperties"),
                BadInput.of(
                        MARIADB,
                        "driverProperties",
                        "useServerPrepStmt=true",
                        "driverProperties: useServerPrepStmt is no option",
                        "did you mean useServerPrepStmts?"),
                BadInput.of(
                        MARIADB,
                        "driverProperties",
                        "tcpKeepAlive=maybe",
                        "driverProperties: tcpKeepAlive=maybe is refused by the driver"),
                BadInput.of(MARIADB, "driverProperties", "sessionVariables=a=1&transactionReplay=true", "has a '&'"),
                BadInput.of(
                        MARIADB,
                        "driverProperties",
                        "nonsense=1;sslMode=on;autocommit=0",
                        "nonsense is no option",
                        "sslMode=on is refused",
                        "autocommit=0: "),
                BadInput.of(
                        POSTGRESQL,
                        "driverProperties",
                        "sslmod=require",
                        all + "sslmod; did you mean sslMode?",
                        "allowed are "),
                BadInput.of(
                        POSTGRESQL,
                        "driverProperties",
                        "prepareThreshold=many",
                        "driverProperties: prepareThreshold=many"),
                BadInput.of(
                        POSTGRESQL,
                        "driverProperties",
                        "sslMode=on",
                        "driverProperties: sslMode=on; allowed is one of disable"),
                BadInput.of(
                        POSTGRESQL,
                        "driverProperties",
                        "readOnly=1",
                        "driverProperties: readOnly=1 is neither true nor false"),
                BadInput.of(POSTGRESQL, "driverProperties", "one=1;two=2", all + "one", all + "two"),
                BadInput.of(
                        OTHER,
                        "driverProperties",
                        "colour=red",
                        "org.h2.jdbcx.JdbcDataSource has no property colour; allowed are"),
                BadInput.of(
                        OTHER,
                        "driverProperties",
                        "password=" + SECRET,
                        "password: must not stand in driverProperties"));
    }

    @ParameterizedTest
    @MethodSource
    void refused(BadInput input) throws Exception {
        RepriseManagedConnectionFactory factory = input.wrong();
        InvalidPropertyException refusal = assertTimeoutPreemptively(
                BOUND, () -> assertThrows(InvalidPropertyException.class, factory::createConnectionFactory));
        assertThat(refusal.getMessage())
                .startsWith("Reprise cannot be used as configured: ")
                .contains(input.says());
        assertThat(stack(refusal))
                .doesNotContain(SECRET)
                .doesNotContain(TestDatabase.mariaDb().password());

        input.putRight(factory);
        works(factory.createConnectionFactory());
    }

    private static void works(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            assertThat(Factories.number(connection, "select 1")).isEqualTo(1);
        }
    }

    private static String stack(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    // ---- found when it connects

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(BadInput.of(MARIADB, "password", SECRET, "Access denied for user 'app'"), "28000"),
                Arguments.of(BadInput.of(MARIADB, "user", "nobody", "Access denied for user 'nobody'"), "28000"),
                Arguments.of(BadInput.of(MARIADB, "url", mariaDb("/missing"), "'missing'"), "42000"),
                Arguments.of(BadInput.of(MARIADB, "url", mariaDb("/mysql"), "'mysql'"), "42000"),
                Arguments.of(
                        BadInput.of(MARIADB, "url", "jdbc:mariadb://no-such-host.invalid/app", "no-such-host.invalid"),
                        "08001"),
                Arguments.of(BadInput.of(MARIADB, "url", "jdbc:mariadb://127.0.0.1:1/app", "127.0.0.1:1"), "08001"),
                Arguments.of(
                        BadInput.of(
                                MARIADB,
                                "url",
                                "jdbc:mariadb://127.0.0.1:"
                                        + TestDatabase.postgreSql().port() + "/app",
                                "127.0.0.1:" + TestDatabase.postgreSql().port()),
                        "08001"),
                Arguments.of(
                        BadInput.of(POSTGRESQL, "password", SECRET, "password authentication failed for user \"app\""),
                        "28P01"),
                Arguments.of(
                        BadInput.of(POSTGRESQL, "user", "nobody", "password authentication failed for user \"nobody\""),
                        "28P01"),
                Arguments.of(
                        BadInput.of(POSTGRESQL, "url", postgreSql("/missing"), "database \"missing\" does not exist"),
                        "3D000"),
                Arguments.of(
                        BadInput.of(
                                POSTGRESQL,
                                "url",
                                "jdbc:postgresql://no-such-host.invalid/app",
                                "no-such-host.invalid"),
                        "08001"),
                Arguments.of(
                        BadInput.of(POSTGRESQL, "url", "jdbc:postgresql://127.0.0.1:1/app", "127.0.0.1:1"), "08001"),
                Arguments.of(
                        BadInput.of(
                                POSTGRESQL,
                                "url",
                                "jdbc:postgresql://127.0.0.1:"
                                        + TestDatabase.mariaDb().port() + "/app",
                                "127.0.0.1:" + TestDatabase.mariaDb().port()),
                        "08001"),
                Arguments.of(BadInput.of(OTHER, "url", "jdbc:nonsense:x", "jdbc:nonsense:x"), "90046"),
                sql(MARIADB, "selec 1", "selec 1", "42000"),
                sql(MARIADB, "select 1; select 2", "syntax", "42000"),
                sql(MARIADB, "select * from missing", "missing", "42S02"),
                sql(MARIADB, "set autocommit = 0", "auto-commit", "25000"),
                sql(MARIADB, "start transaction", "inside a transaction", "25000"),
                sql(MARIADB, "xa start 'x'", "inside a transaction", "25000"),
                sql(MARIADB, "select sleep(60)", "newConnectionSql", "08001"),
                sql(POSTGRESQL, "selec 1", "selec", "42601"),
                sql(POSTGRESQL, "select 1; begin", "inside a transaction", "25000"),
                sql(POSTGRESQL, "begin", "inside a transaction", "25000"),
                sql(POSTGRESQL, "select pg_sleep(3)", "newConnectionSql", "08001"),
                sql(OTHER, "selec 1", "selec 1", "42001"),
                sql(OTHER, "set autocommit false", "auto-commit", "25000"));
    }

    private static Arguments sql(Product product, String sql, String says, String state) {
        return Arguments.of(BadInput.of(product, "newConnectionSql", sql, "newConnectionSql", says), state);
    }

    private static String mariaDb(String database) {
        return TestDatabase.mariaDb().jdbcUrl().replace("/app?", database + "?");
    }

    private static String postgreSql(String database) {
        return TestDatabase.postgreSql().jdbcUrl().replace("/app?", database + "?");
    }

    @ParameterizedTest
    @MethodSource
    void unusable(BadInput input, String state) throws Exception {
        Set<Thread> before = threads();
        long sessions = sessions(input.product());
        refused(input, state, input.wrong().createConnectionFactory());
        await().atMost(BOUND).until(() -> sessions(input.product()) <= sessions);
        nothingRunsOn(before);
    }

    private static void refused(BadInput input, String state, DataSource dataSource) {
        SQLException refusal =
                assertTimeoutPreemptively(BOUND, () -> assertThrows(SQLException.class, dataSource::getConnection));
        assertThat(refusal.getMessage()).contains(input.says());
        assertThat(refusal.getSQLState()).isEqualTo(state);
        assertThat(stack(refusal))
                .doesNotContain(SECRET)
                .doesNotContain(TestDatabase.mariaDb().password());
    }

    @Test
    void aServerThatHasNoRoom() throws Exception {
        try (var administrator = TestDatabase.mariaDb().administrator();
                var statement = administrator.createStatement()) {
            statement.execute("set global max_connections = 10");
            var crowd = new ArrayList<Connection>();
            try {
                assertThrows(SQLException.class, () -> {
                    while (crowd.size() < 20) {
                        crowd.add(TestDatabase.mariaDb().connect());
                    }
                });
                var input = BadInput.of(MARIADB, "connectTimeoutMillis", "1000", "Too many connections");
                refused(input, "08001", input.wrong().createConnectionFactory());
            } finally {
                for (Connection each : crowd) {
                    each.close();
                }
                statement.execute("set global max_connections = default");
            }
        }
        TestDatabase.execute(TestDatabase.postgreSql(), "alter role app connection limit 0");
        try {
            var input = BadInput.of(POSTGRESQL, "connectTimeoutMillis", "1000", "too many connections for role");
            refused(input, "08001", input.wrong().createConnectionFactory());
        } finally {
            TestDatabase.execute(TestDatabase.postgreSql(), "alter role app connection limit -1");
        }
    }

    static Stream<Arguments> noDatabase() {
        return Stream.of(FakeServer.Manner.values())
                .flatMap(manner -> Stream.of(Arguments.of(MARIADB, manner), Arguments.of(POSTGRESQL, manner)));
    }

    @ParameterizedTest
    @MethodSource
    void noDatabase(Product product, FakeServer.Manner manner) throws Exception {
        Set<Thread> before = threads();
        try (var server = new FakeServer(manner)) {
            String url = Objects.requireNonNull(product.right().get("url"))
                    .replaceFirst("//[^/]+/", "//127.0.0.1:" + server.port() + "/");
            var input = BadInput.of(product, "url", url, "127.0.0.1:" + server.port());
            refused(input, "08001", input.wrong().createConnectionFactory());
            await().atMost(BOUND).until(() -> server.connections() == 0);
        }
        nothingRunsOn(before);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> Objects.equals(
                        thread.getThreadGroup(), Thread.currentThread().getThreadGroup()))
                .filter(thread -> !OTHERS.matcher(thread.getName()).matches())
                .collect(Collectors.toSet());
    }

    private static void nothingRunsOn(Set<Thread> before) {
        await().atMost(BOUND).untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
    }

    private static long sessions(Product product) throws SQLException {
        return switch (product) {
            case MARIADB ->
                TestDatabase.number("select count(*) from information_schema.processlist where user = 'app'");
            case POSTGRESQL ->
                TestDatabase.number(
                        TestDatabase.postgreSql(), "select count(*) from pg_stat_activity where usename = 'app'");
            case OTHER -> 0;
        };
    }
}

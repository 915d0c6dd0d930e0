// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On servers with TLS, whose certificates are changed while they run. */
@SuppressWarnings("NullAway.Init") // before all
class VerifiedTlsTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private static CertificateAuthority own;
    private static CertificateAuthority foreign;
    private static MariaDb mariaDb;
    private static PostgreSql postgreSql;

    enum Product {
        MARIADB,
        POSTGRESQL;

        DatabaseServer server() {
            return this == MARIADB ? mariaDb : postgreSql;
        }

        RepriseManagedConnectionFactory trusting(CertificateAuthority authority) {
            return this == MARIADB
                    ? factory(
                            server(), "org.mariadb.jdbc.MariaDbDataSource", "serverSslCert=" + authority.certificate())
                    : factory(server(), "org.postgresql.xa.PGXADataSource", "sslrootcert=" + authority.certificate());
        }

        String cipher() {
            return this == MARIADB
                    ? "select variable_value from information_schema.session_status where variable_name = 'SSL_CIPHER'"
                    : "select cipher from pg_stat_ssl where pid = pg_backend_pid()";
        }
    }

    @BeforeAll
    static void start() throws IOException {
        own = new CertificateAuthority(folder, "own");
        foreign = new CertificateAuthority(folder, "foreign");
        use(own.sign("127.0.0.1", tomorrow()));
        Path certificate = folder.resolve("server.pem");
        Path key = folder.resolve("server.key");
        mariaDb = MariaDb.start(MariaDbOptions.defaults()
                .with("--ssl-ca=" + own.certificate(), "--ssl-cert=" + certificate, "--ssl-key=" + key));
        postgreSql = PostgreSql.start(PostgreSqlOptions.defaults()
                .with("--ssl=on", "--ssl-cert-file=" + certificate, "--ssl-key-file=" + key));
    }

    @AfterAll
    static void stop() {
        mariaDb.close();
        postgreSql.close();
    }

    private static void use(CertificateAuthority.Signed signed) throws IOException {
        Files.copy(signed.certificate(), folder.resolve("server.pem"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                signed.key(),
                folder.resolve("server.key"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void present(CertificateAuthority.Signed signed) throws IOException, SQLException {
        use(signed);
        TestDatabase.execute(mariaDb, "flush ssl");
        TestDatabase.execute(postgreSql, "select pg_reload_conf()");
    }

    private static RepriseManagedConnectionFactory factory(DatabaseServer server, String driver, String options) {
        var factory = new RepriseManagedConnectionFactory();
        factory.setXaDataSourceClass(driver);
        factory.setUrl(server.jdbcUrl().replaceFirst("\\?.*", ""));
        factory.setUser(server.user());
        factory.setPassword(server.password());
        factory.setConnectTimeoutMillis("2000");
        factory.setDriverProperties(options);
        factory.setRequireVerifiedTls("true");
        return factory;
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private static Instant tomorrow() {
        return Instant.now().plus(Duration.ofDays(1));
    }

    private static Instant yesterday() {
        return Instant.now().minus(Duration.ofDays(1));
    }

    private static String refusal(RepriseManagedConnectionFactory factory) throws ResourceException {
        var dataSource = factory.createConnectionFactory();
        SQLException refusal =
                assertTimeoutPreemptively(BOUND, () -> assertThrows(SQLException.class, dataSource::getConnection));
        assertThat(refusal.getSQLState()).isEqualTo("08001");
        return String.valueOf(refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatProvesWhoItIsIsUsed(Product product) throws Exception {
        present(own.sign("127.0.0.1", tomorrow()));
        try (Connection connection =
                product.trusting(own).createConnectionFactory().getConnection()) {
            assertThat(text(connection, product.cipher())).startsWith("TLS");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherAuthorityIsNotBelieved(Product product) throws Exception {
        present(own.sign("127.0.0.1", tomorrow()));
        assertThat(refusal(product.trusting(foreign))).contains("path");
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateOfAnotherHostIsRefused(Product product) throws Exception {
        present(own.sign("db.example.org", tomorrow()));
        assertThat(refusal(product.trusting(own))).contains("127.0.0.1");
    }

    @ParameterizedTest
    @EnumSource
    void anExpiredCertificateIsRefused(Product product) throws Exception {
        present(own.sign("127.0.0.1", yesterday()));
        assertThat(refusal(product.trusting(own))).contains("NotAfter");
    }

    @Test
    void aServerWithoutTlsIsRefused() throws Exception {
        var plain = TestDatabase.postgreSql();
        assertThat(refusal(factory(plain, "org.postgresql.xa.PGXADataSource", "sslrootcert=" + own.certificate())))
                .contains("does not support SSL");
        try (MariaDb without = MariaDb.start(MariaDbOptions.defaults().with("--skip-ssl"))) {
            assertThat(refusal(factory(
                            without, "org.mariadb.jdbc.MariaDbDataSource", "serverSslCert=" + own.certificate())))
                    .contains("ssl not enabled in the server");
        }
    }

    /**
     * With sslMode=verify-full alone Connector/J 3.5 connects to it (measured). Where the driver can be kept from that,
     * it is; otherwise it has to be told whom to trust.
     */
    @Test
    void aServerThatOnlyKnowsThePasswordIsNotBelieved() throws Exception {
        present(own.sign("127.0.0.1", tomorrow()));
        var untold = factory(mariaDb, "org.mariadb.jdbc.MariaDbDataSource", "");
        try {
            assertThat(refusal(untold)).contains("path");
        } catch (InvalidPropertyException e) {
            assertThat(e).hasMessageContaining("set serverSslCert or trustStore in url or driverProperties");
        }
    }
}

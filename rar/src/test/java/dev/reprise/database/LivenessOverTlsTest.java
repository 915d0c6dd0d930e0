// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.MariaDb;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver puts TLS around our socket, and reads from it when it pleases. */
class LivenessOverTlsTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final String SECRET = "certificate";

    @TempDir
    private Path folder;

    /** A certificate of its own: the server would take seconds to make one. */
    private DatabaseServer start(boolean mariaDb) throws Exception {
        Path store = folder.resolve("store");
        var keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                SECRET);
        assertThat(keytool.inheritIO().start().waitFor()).isZero();
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, SECRET.toCharArray());
        }
        Path key =
                pem("PRIVATE KEY", keys.getKey("server", SECRET.toCharArray()).getEncoded());
        Path certificate = pem("CERTIFICATE", keys.getCertificate("server").getEncoded());
        return mariaDb
                ? MariaDb.start(
                        MariaDbOptions.defaults().with("--ssl", "--ssl-key=" + key, "--ssl-cert=" + certificate))
                : PostgreSql.start(PostgreSqlOptions.defaults()
                        .with("--ssl=on", "--ssl-key-file=" + key, "--ssl-cert-file=" + certificate));
    }

    private Path pem(String kind, byte[] content) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Path file = Files.createFile(
                folder.resolve(kind),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    private static PhysicalConnection open(DatabaseServer server) throws SQLException {
        boolean mariaDb = server instanceof MariaDb;
        String dataSource = mariaDb ? Sessions.DATA_SOURCE : "org.postgresql.xa.PGXADataSource";
        String url = mariaDb
                ? server.jdbcUrl().replace("sslMode=disable", "sslMode=trust")
                : server.jdbcUrl().replace("sslmode=disable", "sslmode=require");
        return new Connector(Database.of(dataSource), dataSource, url, Map.of(), BOUND)
                .open(server.user(), server.password(), 1);
    }

    private static String text(PhysicalConnection connection, String sql) throws SQLException {
        try (var statement = connection.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(row.getMetaData().getColumnCount());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLivingSessionLooksAliveAndAKilledOneDoesNot(boolean mariaDb) throws Exception {
        try (DatabaseServer server = start(mariaDb)) {
            PhysicalConnection connection = open(server);
            assertThat(text(
                            connection,
                            mariaDb
                                    ? "show status like 'ssl_version'"
                                    : "select version from pg_stat_ssl where pid = pg_backend_pid()"))
                    .startsWith("TLS");
            for (int use = 0; use < 500; use++) {
                assertThat(connection.liveness()).isEqualTo(Liveness.ALIVE);
                assertThat(text(connection, "select " + use)).isEqualTo(String.valueOf(use));
            }
            TestDatabase.execute(
                    server,
                    (mariaDb ? "kill %d" : "select pg_terminate_backend(%d)")
                            .formatted(connection.session().id()));
            await().atMost(BOUND).until(() -> connection.liveness() != Liveness.ALIVE);
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.ping(BOUND));
            Sessions.close(connection);
        }
    }
}

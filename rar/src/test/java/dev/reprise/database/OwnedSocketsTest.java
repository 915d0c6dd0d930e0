// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Drivers that do not see the adapter's classes, as those that are modules of the server. */
class OwnedSocketsTest {

    static Stream<Arguments> drivers() {
        return Stream.of(
                Arguments.of(org.mariadb.jdbc.MariaDbDataSource.class, TestDatabase.mariaDb(), "&"),
                Arguments.of(org.postgresql.xa.PGXADataSource.class, TestDatabase.postgreSql(), "?loginTimeout=5&"));
    }

    private static Class<?> alone(Class<?> driver) throws Exception {
        URL jar = driver.getProtectionDomain().getCodeSource().getLocation();
        var loader = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader());
        return loader.loadClass(driver.getName());
    }

    @ParameterizedTest(autoCloseArguments = false) // the servers are shared
    @MethodSource("drivers")
    void aDriverConnectsThroughThemThoughItDoesNotSeeUs(Class<?> seen, DatabaseServer server, String before)
            throws Exception {
        Class<?> driver = alone(seen);
        OwnedSockets sockets = OwnedSockets.of(driver);
        assertThat(sockets.factory()).isEqualTo(driver.getPackageName() + ".OwnedSocketFactory");
        var dataSource = (XADataSource) driver.getConstructor().newInstance();
        String separator = server.jdbcUrl().contains("?") ? "&" : before;
        driver.getMethod("setUrl", String.class)
                .invoke(dataSource, server.jdbcUrl() + separator + "socketFactory=" + sockets.factory());
        var socket = new AtomicReference<Optional<OwnedSocket>>();
        XAConnection connection = sockets.during(Duration.ofSeconds(10), made -> {
            XAConnection opened = dataSource.getXAConnection(server.user(), server.password());
            socket.set(made.get());
            return opened;
        });
        assertThat(socket.get().orElseThrow().liveness()).isEqualTo(Liveness.ALIVE);
        connection.close();
        assertThat(socket.get().orElseThrow().liveness()).isEqualTo(Liveness.DEAD);
    }

    @Test
    void anotherAdapterUsesTheSameCopyAndOthersSocketsAreTheirs() throws Exception {
        Class<?> driver = alone(org.postgresql.xa.PGXADataSource.class);
        Class<?> copy = CopiedClass.of(OwnedSocketFactory.class, driver);
        assertThat(CopiedClass.of(OwnedSocketFactory.class, driver)).isSameAs(copy);
        assertThat(copy.getClassLoader()).isSameAs(driver.getClassLoader());
        var factory = (javax.net.SocketFactory) copy.getConstructor().newInstance();
        try (Socket socket = factory.createSocket()) {
            assertThat(socket).isExactlyInstanceOf(Socket.class);
        }
    }

    @Test
    void aDriverThatSeesUsGetsOurs() {
        assertThat(OwnedSockets.of("org.postgresql.xa.PGXADataSource").factory())
                .isEqualTo(OwnedSocketFactory.class.getName());
        assertThat(OwnedSockets.of("org.example.Missing").factory()).isEmpty();
    }
}

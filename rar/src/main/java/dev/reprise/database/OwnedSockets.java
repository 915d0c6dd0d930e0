// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one driver: the adapter keeps a hand on them, so that a connection can be cut without waiting for a
 * driver's lock, and looked at without asking the server.
 */
final class OwnedSockets {

    private final String factory;
    private final @Nullable ThreadLocal<AtomicReference<Supplier<Socket>>> maker;

    private OwnedSockets(String factory, @Nullable ThreadLocal<AtomicReference<Supplier<Socket>>> maker) {
        this.factory = factory;
        this.maker = maker;
    }

    /** A call that connects. */
    @FunctionalInterface
    interface Connect<T> {
        T run(Supplier<Optional<OwnedSocket>> socket) throws SQLException;
    }

    /** The driver loads the factory by its own loader, which may be that of a module of the server. */
    static OwnedSockets of(String driver) {
        try {
            return of(Class.forName(driver, false, OwnedSockets.class.getClassLoader()));
        } catch (ReflectiveOperationException | LinkageError | IOException e) {
            return none();
        }
    }

    /** For a driver that takes no factory, or cannot be given ours. */
    static OwnedSockets none() {
        return new OwnedSockets("", null);
    }

    @SuppressWarnings("unchecked") // the type that it has in the class from which it was copied
    static OwnedSockets of(Class<?> driver) throws ReflectiveOperationException, IOException {
        Class<?> seen = seenBy(driver);
        Field field = seen.getDeclaredField("MAKER");
        field.setAccessible(true);
        return new OwnedSockets(seen.getName(), (ThreadLocal<AtomicReference<Supplier<Socket>>>) field.get(null));
    }

    private static Class<?> seenBy(Class<?> driver) throws ReflectiveOperationException, IOException {
        try {
            Class<?> seen = Class.forName(OwnedSocketFactory.class.getName(), true, driver.getClassLoader());
            if (seen == OwnedSocketFactory.class) {
                return seen;
            }
        } catch (ClassNotFoundException e) {
            // it is given a copy
        }
        return CopiedClass.of(OwnedSocketFactory.class, driver);
    }

    /** The class name for the driver; empty for sockets that are not ours. */
    String factory() {
        return factory;
    }

    /**
     * Gives the last socket that the driver has made in the course of this call. If the call fails, the socket is closed:
     * a driver may leave it open, or with a thread that reads from it for ever.
     *
     * @param limit for the time from making the socket to the end of the call, where a server never ends what it says
     */
    <T> T during(Duration limit, Connect<T> connect) throws SQLException {
        if (maker == null) {
            return connect.run(Optional::empty);
        }
        var made = new AtomicReference<@Nullable OwnedSocket>();
        var wanted = new AtomicReference<Supplier<Socket>>(() -> make(made, limit));
        maker.set(wanted);
        try {
            T result = connect.run(() -> Optional.ofNullable(made.get()));
            Optional.ofNullable(made.get()).ifPresent(OwnedSocket::isComplete);
            return result;
        } catch (SQLException | RuntimeException e) {
            Optional.ofNullable(made.get()).ifPresent(socket -> close(socket, e));
            throw e;
        } finally {
            maker.remove();
            wanted.set(Socket::new);
        }
    }

    private static void close(OwnedSocket socket, Exception reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private static Socket make(AtomicReference<@Nullable OwnedSocket> made, Duration limit) {
        try {
            var socket = new OwnedSocket();
            socket.mustCompleteWithin(limit);
            made.set(socket);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.NoSuchObjectException;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Offers {@link Faults} to other processes of this machine. Closing it leaves proxy and database as they are. */
public final class FaultsServer implements Faults, AutoCloseable {

    private final DatabaseServer database;
    private final FaultProxy proxy;
    private final Registry registry;
    private final AtomicInteger port = new AtomicInteger();
    private final List<Trigger> triggers = new CopyOnWriteArrayList<>();

    /** Sets the system property {@code java.rmi.server.hostname} of this JVM if it is not set. */
    public FaultsServer(DatabaseServer database, FaultProxy proxy) throws RemoteException {
        this.database = database;
        this.proxy = proxy;
        System.getProperties().putIfAbsent("java.rmi.server.hostname", "127.0.0.1");
        registry = LocateRegistry.createRegistry(0, null, wanted -> listen(wanted, port));
        registry.rebind(
                NAME, UnicastRemoteObject.exportObject(this, 0, null, wanted -> listen(wanted, new AtomicInteger())));
    }

    private static ServerSocket listen(int wanted, AtomicInteger actual) throws IOException {
        var socket = new ServerSocket(wanted, 0, InetAddress.getLoopbackAddress());
        actual.set(socket.getLocalPort());
        return socket;
    }

    /** For {@link Faults#at}. */
    public int port() {
        return port.get();
    }

    @Override
    public void arm(String marker, FaultKind kind) {
        triggers.add(proxy.onRequest(marker).arm(kind));
    }

    @Override
    public void awaitHits(int count, Duration timeout) throws RemoteException {
        if (!Await.until(timeout, () -> hits() >= count)) {
            throw new RemoteException(hits() + " hits instead of " + count + " within " + timeout + ": " + triggers);
        }
    }

    @Override
    public int hits() {
        return triggers.stream().mapToInt(Trigger::hits).sum();
    }

    @Override
    public void release() {
        triggers.stream().filter(Pause.class::isInstance).map(Pause.class::cast).forEach(Pause::release);
    }

    @Override
    public void disarmAll() {
        proxy.disarmAll();
        triggers.clear();
    }

    @Override
    public void cutAll() {
        proxy.cutAll();
    }

    @Override
    public void resetAll() {
        proxy.resetAll();
    }

    @Override
    public void refuse() {
        proxy.refuse();
    }

    @Override
    public void accept() {
        proxy.accept();
    }

    @Override
    public void blackHole(boolean on) {
        proxy.blackHole(on);
    }

    @Override
    public void silence() {
        proxy.silence();
    }

    @Override
    public void latency(Duration added) {
        proxy.latency(added);
    }

    @Override
    public int connections() {
        return proxy.connections();
    }

    @Override
    public boolean passes(long session) {
        return proxy.passes(session);
    }

    @Override
    public int killConnections() throws RemoteException {
        return remote(() -> database.killConnections(database.user()));
    }

    @Override
    public void killDatabase() {
        database.kill();
    }

    @Override
    public void startDatabase() {
        database.start();
    }

    @Override
    public void restartDatabase() {
        database.restart();
    }

    @Override
    public void suspendDatabase() {
        database.suspend();
    }

    @Override
    public void resumeDatabase() {
        database.resume();
    }

    @Override
    public List<String> preparedXids() throws RemoteException {
        return remote(database::preparedXids);
    }

    @Override
    public void rollBackPrepared(String xid) throws RemoteException {
        remote(() -> {
            database.rollBackPrepared(xid);
            return true;
        });
    }

    @Override
    public void execute(String sql) throws RemoteException {
        remote(() -> {
            try (Connection connection = database.administrator();
                    Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    @Override
    public long query(String sql) throws RemoteException {
        return remote(() -> {
            try (Connection connection = database.administrator();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    /** The driver's exceptions stay here: the other side may not know their classes. */
    private static <T> T remote(Question<T> question) throws RemoteException {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new RemoteException(e.toString());
        }
    }

    @Override
    public void close() throws NoSuchObjectException {
        UnicastRemoteObject.unexportObject(this, true);
        UnicastRemoteObject.unexportObject(registry, true);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.net.InetAddress;
import java.rmi.NotBoundException;
import java.rmi.Remote;
import java.rmi.RemoteException;
import java.rmi.registry.LocateRegistry;
import java.time.Duration;
import java.util.List;

/**
 * The faults and the database of a test, for code in another process of this machine: a test inside WildFly needs only
 * this type and {@link FaultKind}. A failing operation is a RemoteException with its message.
 */
public interface Faults extends Remote {

    String NAME = "faults";

    /** @param port of {@link FaultsServer#port} */
    static Faults at(int port) throws RemoteException {
        try {
            return (Faults)
                    LocateRegistry.getRegistry(InetAddress.getLoopbackAddress().getHostAddress(), port)
                            .lookup(NAME);
        } catch (NotBoundException e) {
            throw new RemoteException("No faults on port " + port, e);
        }
    }

    /** At the next request that contains the marker, in any case of letters. */
    void arm(String marker, FaultKind kind) throws RemoteException;

    /** Returns when all faults together have happened so often since {@link #disarmAll}; fails if not in time. */
    void awaitHits(int count, Duration timeout) throws RemoteException;

    int hits() throws RemoteException;

    /** Lets all held requests go. */
    void release() throws RemoteException;

    void disarmAll() throws RemoteException;

    void cutAll() throws RemoteException;

    void resetAll() throws RemoteException;

    void refuse() throws RemoteException;

    void accept() throws RemoteException;

    void blackHole(boolean on) throws RemoteException;

    void silence() throws RemoteException;

    void latency(Duration added) throws RemoteException;

    int connections() throws RemoteException;

    /** Whether the client of this session has not been told yet that it has ended. */
    boolean passes(long session) throws RemoteException;

    /** Ends all sessions of the application's user; says how many there were. */
    int killConnections() throws RemoteException;

    void killDatabase() throws RemoteException;

    void startDatabase() throws RemoteException;

    void restartDatabase() throws RemoteException;

    void suspendDatabase() throws RemoteException;

    void resumeDatabase() throws RemoteException;

    List<String> preparedXids() throws RemoteException;

    /** @param xid one of {@link #preparedXids} */
    void rollBackPrepared(String xid) throws RemoteException;

    /** Runs a statement with all rights, not through the proxy. */
    void execute(String sql) throws RemoteException;

    /** The first column of the first row as a number, not through the proxy. */
    long query(String sql) throws RemoteException;
}

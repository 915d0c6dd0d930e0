// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;

/** A managed connection as a pool holds it, with the application's handle on it. */
public final class Pooled implements ConnectionEventListener {

    private final ManagedConnection managed;
    private final String sessionQuery;
    private final Connection handle;
    private final List<ConnectionEvent> events = new CopyOnWriteArrayList<>();

    Pooled(ManagedConnection managed, String sessionQuery) throws ResourceException {
        this.managed = managed;
        this.sessionQuery = sessionQuery;
        managed.addConnectionEventListener(this);
        handle = newHandle();
    }

    public ManagedConnection managed() {
        return managed;
    }

    public Connection newHandle() throws ResourceException {
        return (Connection) managed.getConnection(null, null);
    }

    public Connection handle() {
        return handle;
    }

    public XAResource xa() throws ResourceException {
        return managed.getXAResource();
    }

    public LocalTransaction local() throws ResourceException {
        return managed.getLocalTransaction();
    }

    /** What the container was told, {@code CONNECTION_CLOSED} and the like. */
    public List<Integer> events() {
        return events.stream().map(ConnectionEvent::getId).toList();
    }

    public void execute(String sql) throws SQLException {
        execute(handle, sql);
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public void insert(String name) throws SQLException {
        execute("insert into work (name) values ('" + name + "')");
    }

    /** The server's number of its session. */
    public long session() throws SQLException {
        try (Statement statement = handle.createStatement();
                ResultSet row = statement.executeQuery(sessionQuery)) {
            row.next();
            return row.getLong(1);
        }
    }

    public void start(BranchId xid) throws XAException, ResourceException {
        xa().start(xid, XAResource.TMNOFLAGS);
    }

    public void end(BranchId xid) throws XAException, ResourceException {
        xa().end(xid, XAResource.TMSUCCESS);
    }

    /** Starts the branch, inserts the row and ends the branch; gives the number of the session. */
    public long work(BranchId xid, String row) throws Exception {
        start(xid);
        insert(row);
        long session = session();
        end(xid);
        return session;
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        events.add(event);
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
        events.add(event);
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
        events.add(event);
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
        events.add(event);
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        events.add(event);
    }
}

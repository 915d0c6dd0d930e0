// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import dev.reprise.jdbc.ConnectionHandle;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ManagedConnection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells the container. Thread-safe; listeners are called without any lock held. */
final class Events {

    private final ManagedConnection source;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();

    Events(ManagedConnection source) {
        this.source = source;
    }

    void add(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    void remove(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    void closed(ConnectionHandle handle) {
        var event = new ConnectionEvent(source, ConnectionEvent.CONNECTION_CLOSED);
        event.setConnectionHandle(handle);
        listeners.forEach(listener -> listener.connectionClosed(event));
    }

    void failed(SQLException reason) {
        var event = new ConnectionEvent(source, ConnectionEvent.CONNECTION_ERROR_OCCURRED, reason);
        listeners.forEach(listener -> listener.connectionErrorOccurred(event));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import org.jspecify.annotations.Nullable;

/** For use outside a container (Connectors 2.1, 6.9): no pool, a physical connection for each handle. */
final class UnmanagedConnections implements ConnectionManager {

    private static final long serialVersionUID = 1L;

    @Override
    public Object allocateConnection(ManagedConnectionFactory factory, @Nullable ConnectionRequestInfo request)
            throws ResourceException {
        ManagedConnection connection = factory.createManagedConnection(null, request);
        connection.addConnectionEventListener(new DestroyWhenClosed(connection));
        return connection.getConnection(null, request);
    }

    private record DestroyWhenClosed(ManagedConnection connection) implements ConnectionEventListener {

        @Override
        public void connectionClosed(ConnectionEvent event) {
            destroy();
        }

        @Override
        public void connectionErrorOccurred(ConnectionEvent event) {
            destroy();
        }

        private void destroy() {
            try {
                connection.destroy();
            } catch (ResourceException e) {
                throw new IllegalStateException("A connection could not be destroyed", e);
            }
        }

        @Override
        public void localTransactionStarted(ConnectionEvent event) {
            // nobody shares the connection
        }

        @Override
        public void localTransactionCommitted(ConnectionEvent event) {
            // nobody shares the connection
        }

        @Override
        public void localTransactionRolledback(ConnectionEvent event) {
            // nobody shares the connection
        }
    }
}

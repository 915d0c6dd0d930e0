// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.NotSupportedException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.Connector;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.Optional;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * The adapter as a whole. Connections may be asked for before {@link #start}: WildFly fills its pools earlier.
 * Transactions of the container reach connections only after it.
 */
@Connector(
        displayName = "Reprise",
        description = "JDBC with XA, whose commits tell the truth",
        vendorName = "Reprise",
        eisType = "JDBC",
        version = "0.1",
        transactionSupport = TransactionSupportLevel.XATransaction)
@SuppressWarnings("serial") // never passivated
public class RepriseResourceAdapter implements ResourceAdapter {

    private final transient Background background = new Background();
    private transient volatile @Nullable TransactionSynchronizationRegistry transactions;

    @Override
    public void start(BootstrapContext context) {
        transactions = context.getTransactionSynchronizationRegistry();
    }

    @Override
    public void stop() {
        background.stop();
    }

    Background background() {
        return background;
    }

    /** Names the calling thread's JTA transaction, in any status; null if it has none. */
    @Nullable Object transaction() {
        TransactionSynchronizationRegistry registry = transactions;
        return registry == null ? null : registry.getTransactionKey();
    }

    /** Why the application does not want the calling thread's transaction to be run again; empty if it does not mind. */
    Optional<String> noReplay() {
        TransactionSynchronizationRegistry registry = transactions;
        return registry != null && transaction() != null
                ? Optional.ofNullable(registry.getResource("dev.reprise.no-replay"))
                        .map(Object::toString)
                : Optional.empty();
    }

    @Override
    public void endpointActivation(MessageEndpointFactory factory, ActivationSpec spec) throws NotSupportedException {
        throw new NotSupportedException("The adapter has no message endpoints");
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory factory, ActivationSpec spec) {
        // none was activated
    }

    /** None: there are no endpoints. Connections are recovered through their factory. */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return new XAResource[0];
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RepriseResourceAdapter;
    }

    @Override
    public int hashCode() {
        return RepriseResourceAdapter.class.hashCode();
    }
}

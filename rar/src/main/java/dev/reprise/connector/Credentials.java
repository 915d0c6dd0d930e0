// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.security.PasswordCredential;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/** As whom a connection is opened; no other user's request matches it. */
record Credentials(@Nullable String user, @Nullable String password) implements ConnectionRequestInfo {

    /**
     * Asks for the user of the configuration. Never null is asked for: a pool of IronJacamar replaces null by what the
     * first one who ever asked it wanted, and that may have been another user.
     */
    static final ConnectionRequestInfo CONFIGURED = new Credentials(null, null);

    /**
     * Container-managed sign-on first (Connectors 2.1, 9.1.8), then what the application asked for, then the
     * configuration.
     *
     * @throws SecurityException if the container signs on but has no password for this factory
     */
    static Credentials of(
            @Nullable Subject subject,
            @Nullable ConnectionRequestInfo request,
            ManagedConnectionFactory factory,
            Credentials configured)
            throws SecurityException {
        if (subject != null) {
            return subject.getPrivateCredentials(PasswordCredential.class).stream()
                    .filter(credential -> factory.equals(credential.getManagedConnectionFactory()))
                    .findFirst()
                    .map(credential -> new Credentials(credential.getUserName(), new String(credential.getPassword())))
                    .orElseThrow(() -> new SecurityException(
                            "The container signs on, but its Subject has no PasswordCredential for this factory"));
        }
        return request instanceof Credentials asked && asked.user != null ? asked : configured;
    }

    @Override
    public String toString() {
        return "Credentials[user=" + user + "]";
    }
}

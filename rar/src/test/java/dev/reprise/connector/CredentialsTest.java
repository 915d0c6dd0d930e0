// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.security.PasswordCredential;
import java.util.Set;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CredentialsTest {

    private static final Credentials CONFIGURED = new Credentials("configured", "1");
    private static final Credentials ASKED = new Credentials("asked", "2");

    private final RepriseManagedConnectionFactory factory = factory("jdbc:mariadb://one/app");

    private static RepriseManagedConnectionFactory factory(String url) {
        var factory = new RepriseManagedConnectionFactory();
        factory.setUrl(url);
        return factory;
    }

    private static PasswordCredential credential(String user, @Nullable ManagedConnectionFactory owner) {
        var credential = new PasswordCredential(user, "secret".toCharArray());
        if (owner != null) {
            credential.setManagedConnectionFactory(owner);
        }
        return credential;
    }

    private static Subject subject(PasswordCredential... credentials) {
        return new Subject(false, Set.of(), Set.of(), Set.of(credentials));
    }

    private Credentials of(@Nullable Subject subject, @Nullable ConnectionRequestInfo request)
            throws SecurityException {
        return Credentials.of(subject, request, factory, CONFIGURED);
    }

    @Test
    void theContainerSignsOnBeforeAnythingElse() throws SecurityException {
        Subject subject = subject(
                credential("foreign", factory("jdbc:mariadb://two/app")),
                credential("nobody", null),
                credential("own", factory("jdbc:mariadb://one/app")));
        assertThat(of(subject, ASKED)).isEqualTo(new Credentials("own", "secret"));
    }

    @Test
    void aSubjectForAnotherFactoryIsNoReasonToUseTheConfiguredUser() {
        Subject subject = subject(credential("foreign", factory("jdbc:mariadb://two/app")));
        assertThatExceptionOfType(SecurityException.class)
                .isThrownBy(() -> of(subject, ASKED))
                .withMessage("The container signs on, but its Subject has no PasswordCredential for this factory");
        assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> of(subject(), null));
    }

    @Test
    void whatTheApplicationAsksForComesBeforeTheConfiguration() throws SecurityException {
        assertThat(of(null, ASKED)).isEqualTo(ASKED);
        assertThat(of(null, null)).isEqualTo(CONFIGURED);
    }

    @Test
    void areEqualWithTheSameUserAndPasswordOnly() {
        assertThat(ASKED).isEqualTo(new Credentials("asked", "2")).hasSameHashCodeAs(new Credentials("asked", "2"));
        assertThat(ASKED).isNotEqualTo(new Credentials("asked", "3"));
        assertThat(ASKED).isNotEqualTo(new Credentials("other", "2"));
        assertThat(ASKED).isNotEqualTo(new Credentials(null, null));
    }

    @Test
    void doNotShowThePassword() {
        assertThat(new Credentials("somebody", "hunter2")).hasToString("Credentials[user=somebody]");
    }
}

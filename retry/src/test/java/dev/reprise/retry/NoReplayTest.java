// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NoReplayTest {
    private final TransactionSynchronizationRegistryImple registry = new TransactionSynchronizationRegistryImple();

    @AfterEach
    void unbind() {
        Jndi.BOUND.clear();
    }

    @Test
    void isSaidInTheTransaction() throws Exception {
        Jndi.BOUND.put("java:comp/TransactionSynchronizationRegistry", registry);
        Narayana.MANAGER.begin();
        try {
            NoReplay.because("the rate was read from a cache");
            assertThat(registry.getResource("dev.reprise.no-replay")).isEqualTo("the rate was read from a cache");
        } finally {
            Narayana.MANAGER.rollback();
        }
    }

    @Test
    void outsideATransactionThereIsNothingToForbid() {
        Jndi.BOUND.put("java:comp/TransactionSynchronizationRegistry", registry);
        assertThatIllegalStateException().isThrownBy(() -> NoReplay.because("nothing"));
    }

    @Test
    void whereThereIsNoRegistry() {
        Jndi.bindTransactionManager();
        assertThatIllegalStateException()
                .isThrownBy(() -> NoReplay.because("nothing"))
                .withMessageContaining("TransactionSynchronizationRegistry is not there");
    }
}

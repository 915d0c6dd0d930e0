// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.stream.Stream;

/** The real transaction manager, with its log in memory. */
public final class Narayana {
    static {
        Stream.of("default", "communicationStore", "stateStore")
                .map(name -> BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, name))
                .forEach(store -> store.setObjectStoreType(VolatileStore.class.getName()));
        BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class)
                .setObjectStoreType(VolatileStore.class.getName());
    }

    public static final TransactionManager MANAGER = com.arjuna.ats.jta.TransactionManager.transactionManager();
    public static final TransactionSynchronizationRegistry REGISTRY = new TransactionSynchronizationRegistryImple();

    private Narayana() {}
}

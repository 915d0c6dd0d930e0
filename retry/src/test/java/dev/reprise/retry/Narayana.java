// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.UserTransaction;
import java.util.stream.Stream;

/** The real transaction manager, with its log in memory. */
final class Narayana {
    static {
        Stream.of(null, "communicationStore", "stateStore")
                .map(name -> BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, name))
                .forEach(store -> store.setObjectStoreType(VolatileStore.class.getName()));
    }

    static final TransactionManager MANAGER = com.arjuna.ats.jta.TransactionManager.transactionManager();

    private Narayana() {}

    static UserTransaction transaction() {
        return new ServerTransaction(MANAGER);
    }
}

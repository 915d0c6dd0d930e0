// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The attempts of one test, and the transaction of each. */
final class Attempts {

    private final TransactionSynchronizationRegistry registry;
    private final List<Object> transactions = new CopyOnWriteArrayList<>();

    Attempts(TransactionSynchronizationRegistry registry) {
        this.registry = registry;
    }

    /** Called first in each attempt; counts from 1. */
    int next() {
        Object transaction = registry.getTransactionKey();
        transactions.add(transaction == null ? "none" : transaction);
        return transactions.size();
    }

    int count() {
        return transactions.size();
    }

    List<Object> transactions() {
        return transactions;
    }
}

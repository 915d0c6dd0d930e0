// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Stateful;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

@Stateful
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
@RetryTransaction
public class WithState {
    public void call() {}
}

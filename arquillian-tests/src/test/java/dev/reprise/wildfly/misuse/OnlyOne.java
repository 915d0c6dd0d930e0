// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

@Singleton
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
@RetryTransaction
public class OnlyOne {
    public void call() {}
}

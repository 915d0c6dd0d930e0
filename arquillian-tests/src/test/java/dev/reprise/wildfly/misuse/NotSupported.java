// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@RetryTransaction
public class NotSupported {
    public void call() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;

@Stateless
@TransactionManagement(TransactionManagementType.BEAN)
@RetryTransaction
public class BeanManaged {
    public void call() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

@ApplicationScoped
@RetryTransaction
@Transactional(Transactional.TxType.REQUIRES_NEW)
public class OnItsOwn {
    public void call() {}
}

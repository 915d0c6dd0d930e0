// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** As applications write it. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
@RetryTransaction(delayMillis = 10)
public class RetriedBean {

    public void call(Work work) throws Exception {
        work.run();
    }
}

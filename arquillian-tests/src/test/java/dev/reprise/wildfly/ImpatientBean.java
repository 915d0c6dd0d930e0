// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** As {@link RetriedBean}, with a timeout of one second. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
@RetryTransaction(delayMillis = 10, timeoutSeconds = 1)
public class ImpatientBean {

    public void call(Work work) throws Exception {
        work.run();
    }
}

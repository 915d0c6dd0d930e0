// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** Tries again for as long as another server may take to become the primary. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
@RetryTransaction(maxRetries = 1000, delayMillis = 50, maxDelayMillis = 200)
public class PatientBean {

    public void call(Work work) throws Exception {
        work.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** {@code @Transactional} joins the transaction that the retry begins. */
@ApplicationScoped
@Transactional
@RetryTransaction(delayMillis = 10)
public class RetriedTransactionalBean {

    public void call(Work work) throws Exception {
        work.run();
    }
}

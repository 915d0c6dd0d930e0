// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryTransaction;
import jakarta.enterprise.context.ApplicationScoped;

/** A CDI bean needs nothing but the annotation. */
@ApplicationScoped
@RetryTransaction(delayMillis = 10)
public class RetriedCdiBean {

    public void call(Work work) throws Exception {
        work.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryTransaction;

/** A business interface with a policy. */
public interface Untouched {

    @RetryTransaction(maxRetries = 1, delayMillis = 10)
    void call(Work work) throws Exception;
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.enterprise.context.ApplicationScoped;

@ApplicationScoped
@RetryTransaction(maxRetries = -1)
public class TooFew {
    @RetryTransaction(delayMillis = 10_000, jitterPercent = 101)
    public void call() {}
}

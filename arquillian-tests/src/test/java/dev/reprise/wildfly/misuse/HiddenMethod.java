// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.enterprise.context.ApplicationScoped;

@ApplicationScoped
public class HiddenMethod {
    @RetryTransaction
    @SuppressWarnings("UnusedMethod")
    private void call() {}
}

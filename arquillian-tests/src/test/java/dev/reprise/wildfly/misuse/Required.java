// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.Stateless;

@Stateless
@RetryTransaction
public class Required {
    public void call() {}
}

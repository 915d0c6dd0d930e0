// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.misuse;

import dev.reprise.retry.RetryTransaction;
import jakarta.ejb.MessageDriven;

@MessageDriven
@RetryTransaction
public class Listener implements Runnable {
    @Override
    public void run() {}
}

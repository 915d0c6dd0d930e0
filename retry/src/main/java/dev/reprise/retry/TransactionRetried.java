// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

/**
 * CDI event: the transaction of {@code name} was rolled back and is about to be run again. Fired synchronously, in no
 * transaction, after the delay. Nothing is fired for the first attempt.
 *
 * @param name the method, or the name given to {@link RetryingTransaction}
 * @param retry number of this retry, from 1 to {@code maxRetries}
 * @param maxRetries how many there may be
 * @param delayMillis milliseconds that were waited before it
 * @param cause why the last attempt was rolled back
 */
public record TransactionRetried(String name, int retry, int maxRetries, long delayMillis, Throwable cause) {}

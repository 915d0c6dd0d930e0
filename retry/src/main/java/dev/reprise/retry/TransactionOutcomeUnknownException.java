// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.ejb.ApplicationException;

/**
 * Whether the transaction was committed or rolled back is unknown; it was not run again. The cause is what the
 * transaction manager or the resource said, failures of earlier attempts (all of them rolled back) are suppressed.
 * Only a look at the data, or an idempotent request, can tell what to do next.
 *
 * <p>An application exception, so that callers of enterprise beans get it as it is.
 */
@ApplicationException(rollback = true)
public class TransactionOutcomeUnknownException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TransactionOutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}

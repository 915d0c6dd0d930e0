// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

/** What a client is told about a transfer. */
public enum Outcome {
    /** It is stored. */
    COMMITTED(200),
    /** It is not stored, for certain. */
    ROLLED_BACK(409),
    /** This call has stored nothing, but an earlier one with the same id has. */
    DUPLICATE(409),
    /** Nobody can tell whether it is stored; ask for the transfer later, or look at the balances. */
    UNKNOWN(500);

    private final int status;

    Outcome(int status) {
        this.status = status;
    }

    /** Of the HTTP response. */
    int status() {
        return status;
    }
}

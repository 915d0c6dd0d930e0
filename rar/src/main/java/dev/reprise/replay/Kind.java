// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

/** What of a call matters to a replay. */
public enum Kind {
    PLAIN,
    /** The server runs a statement, which may generate keys. */
    RUNS,
    /** Gives the keys that the last statement has generated. */
    KEYS
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

/** What became of a commit. */
public enum Outcome {
    COMMITTED,
    ROLLED_BACK,
    /** It cannot be said now; it may be later. */
    UNKNOWN
}

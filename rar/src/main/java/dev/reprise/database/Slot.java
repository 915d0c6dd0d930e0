// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

/**
 * A row of the ledger, as one session holds it.
 *
 * @param generation grows with each holder: who comes too late does not find the row any more
 */
public record Slot(Ledger ledger, long number, long generation) {}

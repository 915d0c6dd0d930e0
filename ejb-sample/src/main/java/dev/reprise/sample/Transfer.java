// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

/**
 * Money from one account to another.
 *
 * @param id chosen by the client, never used twice; it tells afterwards whether the transfer was stored
 * @param amount in cents, more than 0
 */
public record Transfer(String id, int from, int to, long amount) {

    public Transfer {
        if (id.isBlank() || id.length() > 40) {
            throw new IllegalArgumentException("id: 1 to 40 characters are allowed, not " + id.length());
        }
        if (amount <= 0) {
            throw new IllegalArgumentException("amount: more than 0 cents are allowed, not " + amount);
        }
        if (from == to) {
            throw new IllegalArgumentException("from, to: two accounts are needed, not twice " + from);
        }
    }
}

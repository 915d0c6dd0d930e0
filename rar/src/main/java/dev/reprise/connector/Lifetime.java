// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;

/**
 * How old connections may become: each up to a tenth less than the others, so that a pool does not reconnect at once.
 *
 * @param longest zero: any age
 */
record Lifetime(Duration longest) {

    private static final int STEPS = 1 << 10;

    /** @param lot any number that stays with a connection */
    boolean isOver(Duration age, int lot) {
        Duration less =
                longest.dividedBy(10).multipliedBy(Math.floorMod(lot, STEPS)).dividedBy(STEPS);
        return !longest.isZero() && age.compareTo(longest.minus(less)) > 0;
    }
}

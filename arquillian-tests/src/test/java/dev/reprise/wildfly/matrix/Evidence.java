// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.List;

/**
 * What was found when all was well again and recovery had run.
 *
 * @param rows with the key of the transaction, by the resource under test
 * @param otherRows by the other resource; as many as {@code rows} where there is none
 * @param prepared branches that are listed
 * @param open transactions that have written and are neither completed nor prepared
 * @param pool what the pool's connections said; empty if all of them work
 * @param met whether the fault has happened
 */
record Evidence(long rows, long otherRows, List<String> prepared, long open, String pool, boolean met) {

    Evidence {
        prepared = List.copyOf(prepared);
    }

    /** Whether a recovery has nothing to do any more. */
    boolean settled(Account account) {
        boolean kept = switch (account.outcome()) {
            case COMMITTED -> rows == 1 && otherRows == 1;
            case ROLLED_BACK -> rows == 0 && otherRows == 0;
            case UNKNOWN -> rows == otherRows;
        };
        return kept && prepared.isEmpty() && open == 0;
    }
}

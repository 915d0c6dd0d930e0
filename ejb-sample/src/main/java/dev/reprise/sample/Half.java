// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import java.util.List;
import java.util.Locale;

/** The banks, as the paths of the REST interface name them. */
public enum Half {
    REPRISE("Bank.transfer"),
    WILDFLY("BankOnWildFly.transfer"),
    SECOND("BankOnSecond.transfer"),
    /** Between {@link #REPRISE} and {@link #SECOND}. */
    BOTH("BankOnBoth.transfer");

    private final String transaction;

    Half(String transaction) {
        this.transaction = transaction;
    }

    /** Its name in {@link dev.reprise.retry.TransactionRetried}. */
    String transaction() {
        return transaction;
    }

    /** What Jakarta REST calls for a path; no such half is 404. */
    public static Half fromString(String path) {
        for (Half half : values()) {
            if (half.toString().equals(path)) {
                return half;
            }
        }
        throw new IllegalArgumentException("path: " + List.of(values()) + " are allowed, not " + path);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

/** The two banks, as the paths of the REST interface name them. */
public enum Half {
    REPRISE("Bank.transfer"),
    WILDFLY("BankOnWildFly.transfer");

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
        throw new IllegalArgumentException("path: reprise or wildfly are allowed, not " + path);
    }

    @Override
    public String toString() {
        return this == REPRISE ? "reprise" : "wildfly";
    }
}

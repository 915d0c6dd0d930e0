// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

/** What is on its way to the database when a fault happens. */
enum Call {
    START("START"),
    STATEMENT("statement"),
    END("END"),
    PREPARE("PREPARE"),
    COMMIT_ONE_PHASE("COMMIT one-phase"),
    COMMIT_TWO_PHASE("COMMIT two-phase"),
    ROLLBACK("ROLLBACK"),
    RECOVER("RECOVER");

    private final String title;

    Call(String title) {
        this.title = title;
    }

    @Override
    public String toString() {
        return title;
    }
}

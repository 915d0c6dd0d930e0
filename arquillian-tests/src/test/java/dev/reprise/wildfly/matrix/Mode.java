// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

/** The transaction that the call belongs to. */
enum Mode {
    /** One resource, and no XA. */
    LOCAL("local"),
    ONE_PHASE("one-phase"),
    /** The resource under test is enlisted, prepared and committed before another one. */
    TWO_PHASE_FIRST("two-phase, first"),
    /** After another one. */
    TWO_PHASE_LAST("two-phase, last");

    private final String title;

    Mode(String title) {
        this.title = title;
    }

    boolean isTwoPhase() {
        return this == TWO_PHASE_FIRST || this == TWO_PHASE_LAST;
    }

    @Override
    public String toString() {
        return title;
    }
}

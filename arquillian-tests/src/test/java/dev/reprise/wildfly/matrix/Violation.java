// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

/** How a cell can break the law. */
enum Violation {
    COMMITTED_AND_ABSENT("told committed, and absent"),
    ROLLED_BACK_AND_PRESENT("told rolled back, and present"),
    STORED_TWICE("stored twice"),
    NOT_ATOMIC("stored by one resource, not by the other"),
    LEFT_PREPARED("a prepared branch is left after recovery"),
    LEFT_OPEN("uncommitted work is left in a session"),
    UNKNOWN_IN_TIME("told unknown, although the database was back in time"),
    WAITED("waited past its bound"),
    DEAD_IN_POOL("a dead connection is still in the pool"),
    NOT_MET("the request never came, so nothing was tested");

    private final String title;

    Violation(String title) {
        this.title = title;
    }

    @Override
    public String toString() {
        return title;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One point of the matrix: a transaction, and the fault that meets one of its calls. */
record Cell(Database database, Mode mode, Call call, Fault fault, Subject subject) {

    /** All there are, those that make no sense among them. */
    static List<Cell> all() {
        var cells = new ArrayList<Cell>();
        for (Database database : Database.values()) {
            for (Mode mode : Mode.values()) {
                for (Call call : Call.values()) {
                    for (Fault fault : Fault.values()) {
                        for (Subject subject : Subject.values()) {
                            cells.add(new Cell(database, mode, call, fault, subject));
                        }
                    }
                }
            }
        }
        return cells;
    }

    /** Why it makes no sense; empty if it does. */
    Optional<String> excluded() {
        return Exclusions.reason(this);
    }

    /** Whether the adapter has said that it will not find out what became of a commit whose reply was lost. */
    boolean mayNotKnow() {
        boolean noWay = subject == Subject.AUTO && mode == Mode.LOCAL && database == Database.MARIADB;
        return !mode.isTwoPhase() && (subject == Subject.NONE || noWay);
    }

    /**
     * Whether an acknowledged commit survives the crash that a later cell may bring. With the binary log on, a branch of
     * MariaDB that was not prepared does not (shown by CrashedServerTest), and the guard {@code none} warns of it.
     */
    boolean survivesCrashes() {
        boolean prepares = mode != Mode.ONE_PHASE || (subject.isOurs() && subject != Subject.NONE);
        return prepares || database != Database.MARIADB;
    }

    /** The row of the report that it is part of. */
    String row() {
        return database + " / " + mode + " / " + call + " / " + fault;
    }

    @Override
    public String toString() {
        return row() + " / " + subject;
    }
}

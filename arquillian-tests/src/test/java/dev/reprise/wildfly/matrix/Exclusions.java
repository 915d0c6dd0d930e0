// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cells that make no sense, each with its reason. The first reason counts. */
final class Exclusions {

    private static final List<Function<Cell, @Nullable String>> RULES =
            List.of(Exclusions::mode, Exclusions::call, Exclusions::request, Exclusions::fault);

    private Exclusions() {}

    static Optional<String> reason(Cell cell) {
        return RULES.stream()
                .flatMap(rule -> Stream.ofNullable(rule.apply(cell)))
                .findFirst();
    }

    private static @Nullable String mode(Cell cell) {
        return cell.mode() == Mode.LOCAL && !cell.subject().isOurs()
                ? "this data source has no local transactions"
                : null;
    }

    private static @Nullable String call(Cell cell) {
        boolean ofItsOwn = switch (cell.call()) {
            case START, STATEMENT, ROLLBACK -> true;
            case END -> cell.mode() != Mode.LOCAL;
            case COMMIT_ONE_PHASE -> !cell.mode().isTwoPhase();
            case PREPARE, COMMIT_TWO_PHASE, RECOVER -> cell.mode().isTwoPhase();
        };
        return ofItsOwn ? null : "a transaction of this kind has no such call";
    }

    private static @Nullable String request(Cell cell) {
        return Requests.marker(cell, "").isEmpty() ? "not a request of its own" : null;
    }

    private static @Nullable String fault(Cell cell) {
        boolean waits = switch (cell.call()) {
            case STATEMENT, PREPARE, COMMIT_ONE_PHASE, COMMIT_TWO_PHASE -> true;
            case START, END, ROLLBACK, RECOVER -> false;
        };
        if (cell.fault().isInside() && (!waits || isCommitPrepared(cell))) {
            return "does not wait inside the server";
        }
        return cell.fault() == Fault.READ_ONLY && cell.database() == Database.POSTGRESQL
                ? "PostgreSQL makes only transactions read-only that begin later"
                : null;
    }

    private static boolean isCommitPrepared(Cell cell) {
        return cell.database() == Database.POSTGRESQL && cell.call() == Call.COMMIT_TWO_PHASE;
    }
}

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
            List.of(Exclusions::call, Exclusions::fault, Exclusions::guard, Exclusions::mode, Exclusions::request);

    private Exclusions() {}

    static Optional<String> reason(Cell cell) {
        return RULES.stream()
                .flatMap(rule -> Stream.ofNullable(rule.apply(cell)))
                .findFirst();
    }

    private static @Nullable String call(Cell cell) {
        boolean ofItsOwn = switch (cell.call()) {
            case START, STATEMENT, ROLLBACK -> true;
            case END -> cell.mode() != Mode.LOCAL;
            case PREPARE -> cell.mode().isTwoPhase() || cell.mode() == Mode.ONE_PHASE && isPrepared(cell);
            case COMMIT_ONE_PHASE -> !cell.mode().isTwoPhase();
            case COMMIT_TWO_PHASE, RECOVER -> cell.mode().isTwoPhase();
        };
        return ofItsOwn ? null : "a transaction of this kind has no such call";
    }

    /** The guard prepares a branch although it is the only one. */
    private static boolean isPrepared(Cell cell) {
        return cell.subject() == Subject.TWO_PHASE
                || cell.subject() == Subject.AUTO && cell.database() == Database.MARIADB;
    }

    private static @Nullable String fault(Cell cell) {
        boolean waits = switch (cell.call()) {
            case STATEMENT, PREPARE -> true;
            case COMMIT_ONE_PHASE -> cell.database() == Database.MARIADB || cell.subject() != Subject.TWO_PHASE;
            case COMMIT_TWO_PHASE -> cell.database() == Database.MARIADB;
            case START, END, ROLLBACK, RECOVER -> false;
        };
        if (cell.fault().isInside() && !waits) {
            return "does not wait inside the server";
        }
        return cell.fault() == Fault.READ_ONLY && cell.database() == Database.POSTGRESQL
                ? "PostgreSQL makes only transactions read-only that begin later"
                : null;
    }

    private static @Nullable String guard(Cell cell) {
        return switch (cell.subject()) {
            case AUTO, XA_DATASOURCE, AGROAL -> null;
            case NATIVE ->
                cell.database() == Database.MARIADB
                        ? "MariaDB cannot be asked for a transaction by its number"
                        : onePhase(cell);
            case TWO_PHASE -> cell.mode() == Mode.LOCAL ? "a local transaction cannot be prepared" : onePhase(cell);
            case LEDGER, NONE -> onePhase(cell);
        };
    }

    private static @Nullable String onePhase(Cell cell) {
        return cell.mode().isTwoPhase() ? "with two resources there is nothing to guard" : null;
    }

    private static @Nullable String mode(Cell cell) {
        return cell.mode() == Mode.LOCAL && !cell.subject().isOurs()
                ? "this data source has no local transactions"
                : null;
    }

    private static @Nullable String request(Cell cell) {
        return Requests.marker(cell, "").isEmpty() ? "not a request of its own" : null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which cells are run: each call with each fault once, or all with {@code -Dmatrix.cells=all}; of these, those that
 * {@code -Dmatrix.database}, {@code -Dmatrix.datasource} and {@code -Dmatrix.cell} (a regular expression) name; and of
 * these, every fourth with {@code -Dmatrix.shard=1/4}.
 */
final class Selection {

    private Selection() {}

    static List<Cell> cells() {
        List<Cell> cells = sensible().stream()
                .filter(System.getProperty("matrix.cells", "").equals("all") ? cell -> true : representative())
                .filter(named("matrix.database", Cell::database))
                .filter(cell -> is("matrix.datasource", cell.subject().id()))
                .filter(cell -> pattern().matcher(cell.toString()).find())
                .toList();
        if (cells.isEmpty()) {
            throw new IllegalArgumentException(nothing());
        }
        return shard(cells).stream()
                .sorted(Comparator.comparing(cell -> cell.subject().product()))
                .toList();
    }

    private static String nothing() {
        return "No cell is selected by matrix.database=%s, matrix.datasource=%s and matrix.cell=%s together. Databases: %s; data sources: %s; cells: such as %s"
                .formatted(
                        System.getProperty("matrix.database", ""),
                        System.getProperty("matrix.datasource", ""),
                        System.getProperty("matrix.cell", ""),
                        List.of(Database.values()),
                        Arrays.stream(Subject.values()).map(Subject::id).toList(),
                        sensible().get(0));
    }

    private static List<Cell> sensible() {
        return Cell.all().stream().filter(cell -> cell.excluded().isEmpty()).toList();
    }

    private static Predicate<Cell> named(String property, Function<Cell, ?> part) {
        return cell -> is(property, part.apply(cell).toString());
    }

    private static boolean is(String property, String value) {
        String wanted = System.getProperty(property, "");
        return wanted.isEmpty() || wanted.equalsIgnoreCase(value);
    }

    private static Pattern pattern() {
        return Pattern.compile(System.getProperty("matrix.cell", ""));
    }

    private static List<Cell> shard(List<Cell> cells) {
        String[] shard = System.getProperty("matrix.shard", "1/1").split("/", 2);
        int number = Integer.parseInt(shard[0]);
        int count = Integer.parseInt(shard[1]);
        return IntStream.range(0, cells.size())
                .filter(i -> i % count == number - 1)
                .mapToObj(cells::get)
                .toList();
    }

    /**
     * The adapter as it is by default, in the mode in which most depends on the call, on the one database or the other in
     * turns; the commit that a guard is for, with a ledger and without.
     */
    private static Predicate<Cell> representative() {
        Map<List<?>, Optional<Cell>> chosen = sensible().stream()
                .filter(cell -> cell.subject() == Subject.AUTO
                        || (cell.subject() == Subject.LEDGER && cell.call() == Call.COMMIT_ONE_PHASE))
                .collect(Collectors.groupingBy(
                        cell -> List.of(cell.call(), cell.fault(), cell.subject()),
                        Collectors.minBy(
                                Comparator.comparingInt(Selection::mode).thenComparingInt(Selection::turn))));
        Set<Cell> cells = chosen.values().stream().flatMap(Optional::stream).collect(Collectors.toSet());
        return cells::contains;
    }

    private static int mode(Cell cell) {
        Mode telling = switch (cell.call()) {
            case START, STATEMENT, END, COMMIT_ONE_PHASE -> Mode.ONE_PHASE;
            case PREPARE, COMMIT_TWO_PHASE -> Mode.TWO_PHASE_LAST;
            case ROLLBACK, RECOVER -> Mode.TWO_PHASE_FIRST;
        };
        return cell.mode() == telling ? 0 : 1;
    }

    private static int turn(Cell cell) {
        int turn =
                (cell.call().ordinal() + cell.fault().ordinal() + cell.subject().ordinal()) % Database.values().length;
        return cell.database().ordinal() == turn ? 0 : 1;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the matrix has shown, ready to be written. */
final class Report {

    private static final Path FOLDER = Path.of(System.getProperty("matrix.report", "target"));

    /** Of a row of the table; {@code kind} is how it went. */
    record Entry(Kind kind, String text) {}

    enum Kind {
        HEAD,
        RIGHT,
        WRONG,
        NOT_RUN
    }

    private final List<String> versions;
    private final Map<Cell, Result> results = new LinkedHashMap<>();
    private final List<String> reasons = Cell.all().stream()
            .flatMap(cell -> cell.excluded().stream())
            .distinct()
            .toList();

    Report(List<String> versions, List<Result> results) {
        this.versions = List.copyOf(versions);
        results.forEach(result -> this.results.put(result.cell(), result));
    }

    void write() throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve("outcome-matrix.md"), new MarkdownReport(this).text());
        Files.writeString(FOLDER.resolve("outcome-matrix.html"), new HtmlReport(this).text());
    }

    String introduction() {
        return "Each call of a transaction is met by each fault. An entry is what the caller was told, where it agrees"
                + " with what is stored after recovery has run; otherwise it says what is wrong. A letter is the reason"
                + " why there is nothing to test, and an empty entry was not run.";
    }

    List<String> versions() {
        var all = new ArrayList<>(List.of(LocalDate.now(ZoneOffset.UTC) + ", " + results.size() + " cells"));
        all.addAll(versions);
        return all;
    }

    List<String> header() {
        var header = new ArrayList<>(List.of("database", "transaction", "call", "fault"));
        List.of(Subject.values()).forEach(subject -> header.add(subject.toString()));
        return header;
    }

    /** The rows of which at least one cell was run. */
    List<List<Entry>> rows() {
        Set<String> run = results.keySet().stream().map(Cell::row).collect(Collectors.toSet());
        var rows = new LinkedHashMap<String, List<Entry>>();
        for (Cell cell : Cell.all()) {
            if (run.contains(cell.row())) {
                rows.computeIfAbsent(cell.row(), row -> head(cell)).add(entry(cell));
            }
        }
        return List.copyOf(rows.values());
    }

    private static List<Entry> head(Cell cell) {
        var row = new ArrayList<Entry>();
        for (Object part : List.of(cell.database(), cell.mode(), cell.call(), cell.fault())) {
            row.add(new Entry(Kind.HEAD, part.toString()));
        }
        return row;
    }

    private Entry entry(Cell cell) {
        Result result = results.get(cell);
        if (result == null) {
            return new Entry(Kind.NOT_RUN, cell.excluded().map(this::letter).orElse(""));
        }
        return new Entry(result.failures().isEmpty() ? Kind.RIGHT : Kind.WRONG, text(result));
    }

    private static String text(Result result) {
        String told = result.account().outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String violations = result.violations().stream()
                .sorted()
                .filter(each ->
                        each != Violation.UNKNOWN_IN_TIME || !result.failures().isEmpty())
                .map(Violation::toString)
                .collect(Collectors.joining("; "));
        return result.failures().isEmpty() && !violations.isEmpty()
                ? told + ", " + violations
                : violations.isEmpty() ? told : violations;
    }

    private String letter(String reason) {
        return String.valueOf((char) ('a' + reasons.indexOf(reason)));
    }

    /** What the letters mean. */
    List<String> legend() {
        return reasons.stream().map(reason -> letter(reason) + ": " + reason).toList();
    }

    /** How often each column was wrong, and in which way. */
    List<String> summary() {
        var lines = new ArrayList<String>();
        for (Subject subject : Subject.values()) {
            List<Result> own = results.values().stream()
                    .filter(result -> result.cell().subject() == subject)
                    .toList();
            var counts = new EnumMap<Violation, Integer>(Violation.class);
            own.forEach(result -> result.violations().forEach(each -> counts.merge(each, 1, Integer::sum)));
            if (!own.isEmpty()) {
                lines.add(subject + ": " + own.size() + " cells, "
                        + own.stream()
                                .filter(result -> !result.failures().isEmpty())
                                .count() + " wrong"
                        + counts.entrySet().stream()
                                .map(count -> "; " + count.getValue() + " " + count.getKey())
                                .collect(Collectors.joining()));
            }
        }
        return lines;
    }

    /** The rows that make no sense for anybody, as one line for each transaction and reason. */
    List<String> excluded() {
        var lines = new LinkedHashMap<String, Map<Call, Set<Fault>>>();
        Map<String, List<Cell>> rows =
                Cell.all().stream().collect(Collectors.groupingBy(Cell::row, LinkedHashMap::new, Collectors.toList()));
        for (List<Cell> row : rows.values()) {
            if (row.stream().noneMatch(cell -> cell.excluded().isEmpty())) {
                Cell first = row.get(0);
                String line = first.database() + ", " + first.mode() + ": "
                        + first.excluded().orElseThrow() + ": ";
                lines.computeIfAbsent(line, each -> new EnumMap<>(Call.class))
                        .computeIfAbsent(first.call(), each -> new LinkedHashSet<>())
                        .add(first.fault());
            }
        }
        return lines.entrySet().stream()
                .map(line -> line.getKey() + calls(line.getValue()))
                .toList();
    }

    private static String calls(Map<Call, Set<Fault>> calls) {
        return calls.entrySet().stream()
                .map(call -> call.getValue().size() == Fault.values().length
                        ? call.getKey().toString()
                        : call.getKey() + " "
                                + call.getValue().stream()
                                        .map(Fault::toString)
                                        .collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
    }
}

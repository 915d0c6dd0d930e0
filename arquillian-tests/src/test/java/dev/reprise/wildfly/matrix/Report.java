// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The matrix as a table, in Markdown and in HTML. */
final class Report {

    private static final Path FOLDER = Path.of(System.getProperty("matrix.report", "target"));

    private final List<String> versions;
    private final Map<Cell, Result> results = new LinkedHashMap<>();

    private Report(List<String> versions, List<Result> results) {
        this.versions = versions;
        results.forEach(result -> this.results.put(result.cell(), result));
    }

    static Report of(Matrix matrix) throws SQLException {
        return new Report(matrix.venue().versions(), matrix.results());
    }

    void write() throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve("outcome-matrix.md"), markdown());
        Files.writeString(FOLDER.resolve("outcome-matrix.html"), html());
    }

    private List<Subject> subjects() {
        return List.of(Subject.values());
    }

    private List<List<String>> rows() {
        var rows = new LinkedHashMap<String, List<String>>();
        var run = new LinkedHashSet<String>();
        results.keySet().forEach(cell -> run.add(cell.row()));
        for (Cell cell : Cell.all()) {
            if (run.contains(cell.row())) {
                rows.computeIfAbsent(cell.row(), row -> new ArrayList<>(List.of(row.split(" / "))))
                        .add(text(cell));
            }
        }
        return List.copyOf(rows.values());
    }

    private String text(Cell cell) {
        Result result = results.get(cell);
        if (result == null) {
            return cell.excluded().map(reason -> "– " + reason).orElse("");
        }
        String told = result.account()
                .outcome()
                .name()
                .toLowerCase(java.util.Locale.ROOT)
                .replace('_', ' ');
        return result.failures().isEmpty()
                ? told
                : "**"
                        + result.violations().stream()
                                .sorted()
                                .map(Violation::toString)
                                .collect(Collectors.joining("; "))
                        + "**";
    }

    private List<String> header() {
        var header = new ArrayList<>(List.of("database", "transaction", "call", "fault"));
        subjects().forEach(subject -> header.add(subject.toString()));
        return header;
    }

    private String markdown() {
        var text = new StringBuilder("# The outcome matrix\n\n");
        text.append(introduction()).append("\n\n");
        versions.forEach(version -> text.append("- ").append(version).append('\n'));
        text.append('\n')
                .append(line(header()))
                .append(line(header().stream().map(word -> "---").toList()));
        rows().forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> words) {
        return "| " + String.join(" | ", words) + " |\n";
    }

    private String introduction() {
        return "Each call is met by each fault. The text is what the caller was told, where that agrees with what is stored"
                + " after recovery; in bold what is wrong. A dash says why there is nothing to test. "
                + LocalDate.now(java.time.ZoneOffset.UTC) + ", " + results.size() + " cells.";
    }

    private String html() {
        var text = new StringBuilder("""
                <!doctype html><meta charset="utf-8"><title>The outcome matrix</title>
                <style>
                body{font:14px system-ui,sans-serif;margin:2em}
                table{border-collapse:collapse}
                th,td{border:1px solid #ccc;padding:.2em .5em;text-align:left;vertical-align:top}
                th{position:sticky;top:0;background:#eee}
                .ok{background:#dfd}.wrong{background:#fcc;font-weight:bold}.none{color:#999}
                </style>
                <h1>The outcome matrix</h1>
                """);
        text.append("<p>").append(introduction().replace("in bold", "in red")).append("</p><ul>");
        versions.forEach(version -> text.append("<li>").append(version).append("</li>"));
        text.append("</ul><table><tr>");
        header().forEach(word -> text.append("<th>").append(word).append("</th>"));
        for (List<String> row : rows()) {
            text.append("</tr>\n<tr>");
            for (int i = 0; i < row.size(); i++) {
                text.append(data(row.get(i), i < 4));
            }
        }
        return text.append("</tr></table>\n").toString();
    }

    private static String data(String word, boolean head) {
        if (head) {
            return "<td>" + word + "</td>";
        }
        String kind = word.startsWith("**") ? "wrong" : word.isEmpty() || word.startsWith("–") ? "none" : "ok";
        return "<td class=\"" + kind + "\">" + word.replace("**", "") + "</td>";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.List;

/** The report as GitHub shows it. */
record MarkdownReport(Report report) {

    String text() {
        var text = new StringBuilder("# The outcome matrix\n\n").append(report.introduction());
        list(text, "", report.versions());
        list(text, "", report.summary());
        text.append('\n').append(line(report.header()));
        text.append(line(report.header().stream().map(word -> "---").toList()));
        report.rows()
                .forEach(row ->
                        text.append(line(row.stream().map(MarkdownReport::entry).toList())));
        list(text, "The letters:\n", report.legend());
        list(text, "What makes no sense for anybody:\n", report.excluded());
        return text.toString();
    }

    private static void list(StringBuilder text, String title, List<String> items) {
        text.append("\n\n").append(title);
        items.forEach(item -> text.append("- ").append(item).append('\n'));
    }

    private static String line(List<String> words) {
        return "| " + String.join(" | ", words) + " |\n";
    }

    private static String entry(Report.Entry entry) {
        return entry.kind() == Report.Kind.WRONG ? "**" + entry.text() + "**" : entry.text();
    }
}

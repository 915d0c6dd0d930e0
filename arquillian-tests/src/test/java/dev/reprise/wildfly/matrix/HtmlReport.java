// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.List;
import java.util.Locale;

/** The report as a page of its own. */
record HtmlReport(Report report) {

    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>The outcome matrix</title>
            <style>
            body { font: 14px system-ui, sans-serif; margin: 2em }
            table { border-collapse: collapse }
            th, td { border: 1px solid #bbb; padding: .2em .5em; text-align: left; vertical-align: top }
            th { position: sticky; top: 0; background: #eee }
            .right { background: #e0f5e0 }
            .wrong { background: #fbd0d0; font-weight: bold }
            .not_run { color: #777 }
            </style></head><body>
            <h1>The outcome matrix</h1>
            """;

    String text() {
        var text = new StringBuilder(HEAD);
        text.append("<p>").append(escaped(report.introduction())).append("</p>\n");
        list(text, report.versions());
        list(text, report.summary());
        text.append("<table><thead><tr>");
        report.header()
                .forEach(word -> text.append("<th>").append(escaped(word)).append("</th>"));
        text.append("</tr></thead>\n");
        for (List<Report.Entry> row : report.rows()) {
            text.append("<tr>");
            row.forEach(entry -> text.append(data(entry)));
            text.append("</tr>\n");
        }
        text.append("</table>\n");
        list(text, report.legend());
        list(text, report.excluded());
        return text.append("</body></html>\n").toString();
    }

    private static String data(Report.Entry entry) {
        return "<td class=\"" + entry.kind().name().toLowerCase(Locale.ROOT) + "\">" + escaped(entry.text()) + "</td>";
    }

    private static void list(StringBuilder text, List<String> items) {
        text.append("<ul>\n");
        items.forEach(item -> text.append("<li>").append(escaped(item)).append("</li>\n"));
        text.append("</ul>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}

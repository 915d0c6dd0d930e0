// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import dev.reprise.sample.client.Comparison;
import java.util.List;

/**
 * What a soak has found.
 *
 * @param refused how many clients were told: rolled back
 * @param unknown of the clients who were told that nobody knows
 * @param unanswered of the clients whose connection ended before an answer came
 * @param retried at least so many transactions were run again; what a killed server had counted last is not in it
 * @param unknowns one line each
 * @param violations what must never be, one sentence each
 */
record Findings(
        Plan plan,
        Comparison comparison,
        int refused,
        Share unknown,
        Share unanswered,
        long retried,
        Storm.Diary faults,
        AdapterLog log,
        List<String> unknowns,
        List<String> violations) {

    /** So many of them are stored. */
    record Share(int all, int stored) {
        @Override
        public String toString() {
            return all + ", of which " + stored + " are stored";
        }
    }

    /** In Markdown. */
    String report() {
        var text = new StringBuilder("""
                # A soak of %d minutes

                Seed %d%s. %s

                | transfers | |
                |---|---|
                | acknowledged | %d |
                | refused or rolled back | %d |
                | told that the outcome is unknown | %s |
                | without an answer, since the server died | %s |
                | run again, unnoticed by the client | at least %d |
                | stored | %d |

                | fault | MariaDB | PostgreSQL |
                |---|---|---|
                """.formatted(
                        plan.length().toMinutes(),
                        plan.seed(),
                        plan.replay().value().map(value -> ", replay=" + value).orElse(""),
                        violations.isEmpty() ? "Everything was true." : "**Not everything was true.**",
                        comparison.acknowledged(),
                        refused,
                        unknown,
                        unanswered,
                        retried,
                        comparison.stored()));
        for (Fault fault : Fault.values()) {
            text.append("| %s | %d | %s |%n"
                    .formatted(
                            fault,
                            faults.of(fault, Dialect.MARIADB),
                            fault.happensTo(Dialect.POSTGRESQL) ? faults.of(fault, Dialect.POSTGRESQL) : ""));
        }
        text.append("\n| message of the adapter | times |\n|---|---|\n");
        log.messages().forEach((id, times) -> text.append("| %s | %d |%n".formatted(id, times)));
        if (plan.replay() != Replay.OFF) {
            text.append(log.losses().report());
        }
        unknowns.forEach(line -> text.append("\n- unknown to its client: ").append(line));
        violations.forEach(violation -> text.append("\n- **").append(violation).append("**"));
        return text.append('\n').toString();
    }
}

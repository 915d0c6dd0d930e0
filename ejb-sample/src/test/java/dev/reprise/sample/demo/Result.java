// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.client.Comparison;
import java.io.PrintStream;

/** The end of the demo. */
record Result(Comparison reprise, long retried, Comparison wildFly) {

    boolean isTrue() {
        return reprise.lies().isEmpty();
    }

    void print(PrintStream out) {
        reprise.lies().forEach(lie -> out.println("demo: FAILED: reprise: " + lie));
        out.println(line());
    }

    /** For people and for programs. */
    String line() {
        return "demo: reprise acknowledged=%d stored=%d lost=%d unknown=%d retried=%d | wildfly acknowledged=%d stored=%d lost=%d unknown=%d"
                .formatted(
                        reprise.acknowledged(),
                        reprise.stored(),
                        reprise.lost().size(),
                        reprise.unknown(),
                        retried,
                        wildFly.acknowledged(),
                        wildFly.stored(),
                        wildFly.lost().size(),
                        wildFly.unknown());
    }
}

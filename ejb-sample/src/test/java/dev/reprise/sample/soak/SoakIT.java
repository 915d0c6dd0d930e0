// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn verify -Psoak [-Dsoak.minutes=N] [-Dsoak.seed=S] [-Dsoak.replay=off]}: all clients were told the truth, whatever
 * happened. The same seed makes the same faults in the same order.
 */
class SoakIT {

    @Test
    void everyClientIsToldTheTruth() throws Exception {
        Plan plan = Plan.ofSystemProperties();
        System.out.println("soak: " + plan);

        Findings findings = new Soak(plan).run();

        Path report =
                Files.writeString(Path.of(System.getProperty("soak.report", "target/soak.md")), findings.report());
        Files.write(report.resolveSibling("soak-faults.txt"), findings.faults().lines());
        System.out.println("soak: " + report.toAbsolutePath() + "\n" + findings.report());
        assertThat(findings.violations()).isEmpty();
    }
}

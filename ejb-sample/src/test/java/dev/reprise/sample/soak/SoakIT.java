// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * {@code mvn verify -Psoak [-Dsoak.minutes=N] [-Dsoak.seed=S]}: all clients were told the truth, whatever happened. The same
 * seed makes the same faults in the same order.
 */
class SoakIT {

    @Test
    void everyClientIsToldTheTruth() throws Exception {
        var length = Duration.ofMinutes(Integer.getInteger("soak.minutes", 2));
        long seed = Long.getLong("soak.seed", new Random().nextInt(1_000_000));
        System.out.println("soak: " + length.toMinutes() + " minutes, -Dsoak.seed=" + seed);

        Findings findings = new Soak(length, seed).run();

        Path report =
                Files.writeString(Path.of(System.getProperty("soak.report", "target/soak.md")), findings.report());
        Files.write(report.resolveSibling("soak-faults.txt"), findings.faults().lines());
        System.out.println("soak: " + report.toAbsolutePath() + "\n" + findings.report());
        assertThat(findings.violations()).isEmpty();
    }
}

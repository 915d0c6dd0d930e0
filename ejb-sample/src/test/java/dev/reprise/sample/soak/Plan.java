// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.time.Duration;
import java.util.Random;

/**
 * What a soak is started with.
 *
 * @param length how long there are clients and faults
 * @param seed of both
 */
record Plan(Duration length, long seed, Replay replay) {

    /** @throws IllegalArgumentException if {@code soak.replay} is neither {@code on} nor {@code off} */
    static Plan ofSystemProperties() {
        return new Plan(
                Duration.ofMinutes(Integer.getInteger("soak.minutes", 2)),
                Long.getLong("soak.seed", new Random().nextInt(1_000_000)),
                Replay.of(System.getProperty("soak.replay")));
    }

    /** As its options say it. */
    @Override
    public String toString() {
        return "-Dsoak.minutes=" + length.toMinutes() + " -Dsoak.seed=" + seed
                + replay.value().map(value -> " -Dsoak.replay=" + value).orElse("");
    }
}

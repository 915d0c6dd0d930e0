// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the adapter's property {@code replay} is. */
enum Replay {
    ON,
    OFF,
    /** Not written: the adapter's default. */
    UNSET;

    /**
     * @param value of the system property {@code soak.replay}; null: it is not set
     * @throws IllegalArgumentException if it is neither {@code on} nor {@code off}
     */
    static Replay of(@Nullable String value) {
        if (value == null) {
            return UNSET;
        }
        return switch (value) {
            case "on" -> ON;
            case "off" -> OFF;
            default -> throw new IllegalArgumentException("soak.replay: on and off are allowed, not " + value);
        };
    }

    /** Empty where it is not written. */
    Optional<String> value() {
        return switch (this) {
            case ON -> Optional.of("on");
            case OFF -> Optional.of("off");
            case UNSET -> Optional.empty();
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {

    @ParameterizedTest
    @ValueSource(strings = {"on", "off"})
    void isWrittenAsItIsAskedFor(String value) {
        assertThat(Replay.of(value).value()).contains(value);
    }

    @Test
    void isNotWrittenWhereNobodyAsks() {
        assertThat(Replay.of(null).value()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "true", "ON"})
    void saysWhatIsAllowed(String value) {
        assertThatThrownBy(() -> Replay.of(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("soak.replay: on and off are allowed, not " + value);
    }
}

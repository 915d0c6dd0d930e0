// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static String[] arguments(String seconds) {
        return new String[] {
            "--seconds=" + seconds,
            "--wildfly=w",
            "--adapter=a=b.rar",
            "--bank=b",
            "--driver=d",
            "--scripts=s",
            "--log=l"
        };
    }

    @Test
    void takesEachValueAsItIs() {
        Settings settings = Settings.of(arguments("30"));

        assertThat(settings.length()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.adapter()).isEqualTo(Path.of("a=b.rar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "soon", "99999999"})
    void saysWhichSecondsAreAllowed(String seconds) {
        assertThatThrownBy(() -> Settings.of(arguments(seconds)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "demo.seconds: a whole number of seconds is allowed, 0 to run until Ctrl-C, not " + seconds);
    }

    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> Settings.of("--seconds=1")).hasMessage("--wildfly=... is missing");
    }
}

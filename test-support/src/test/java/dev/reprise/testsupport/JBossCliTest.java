// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a script in the place of {@code jboss-cli.sh}, which counts its calls. */
class JBossCliTest {

    private static final String REFUSED =
            "echo 'Failed to connect to the controller: Server rejected authentication'; exit 1";

    @TempDir
    private Path folder;

    private String run(String what) throws IOException {
        Path script = Files.createDirectories(folder.resolve("home/bin")).resolve("jboss-cli.sh");
        Files.writeString(script, "#!/bin/sh\ncd '" + folder + "'\necho called >> calls\n" + what + '\n');
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return new JBossCli(folder.resolve("home"), folder).run(List.of(), Path.of("some.cli"));
    }

    private int calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls")).size();
    }

    @Test
    void oneThatIsRefusedComesAgain() throws IOException {
        assertThat(run("if [ $(wc -l < calls) = 1 ]; then " + REFUSED + "; fi; echo done"))
                .isEqualTo("done\n");
        assertThat(calls()).isEqualTo(2);
    }

    @Test
    void oneThatIsAlwaysRefusedIsToldSo() throws IOException {
        assertThatThrownBy(() -> run(REFUSED))
                .hasMessageContaining("failed with 1")
                .hasMessageContaining("rejected");
        assertThat(calls()).isEqualTo(3);
    }

    @Test
    void aCommandThatFailedIsNotRepeated() throws IOException {
        assertThatThrownBy(() -> run("echo WFLYCTL0212; exit 1")).hasMessageContaining("WFLYCTL0212");
        assertThat(calls()).isEqualTo(1);
    }
}

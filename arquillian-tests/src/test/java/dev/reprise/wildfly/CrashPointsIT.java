// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which points {@code -Dcrashes.point} names; nothing is killed. */
class CrashPointsIT {

    private static final List<CrashPoint> ALL = CrashPoints.all();

    @Test
    void thoseThatTheExpressionIsFoundIn() {
        assertThat(CrashPoints.named("", ALL)).isEqualTo(ALL);
        assertThat(CrashPoints.named("after XA (PREPARE|COMMIT) of REPRISE$", ALL))
                .isNotEmpty()
                .allSatisfy(point -> assertThat(point.toString()).endsWith(" of REPRISE"))
                .hasSizeLessThan(ALL.size());
    }

    @Test
    void whoeverNamesNoneIsToldWhichThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrashPoints.named("TWO_FACE", ALL))
                .withMessageStartingWith("crashes.point=TWO_FACE matches none of these points:\n  TWO_PHASE ")
                .satisfies(e -> assertThat(e.getMessage().lines().skip(1).map(String::strip))
                        .containsExactlyElementsOf(
                                ALL.stream().map(CrashPoint::toString).toList()));
    }

    @Test
    void whatIsNoExpressionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrashPoints.named("XA (", ALL))
                .withMessageStartingWith("crashes.point is not a regular expression: ")
                .withMessageContaining("XA (");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The outcome matrix; what runs says {@link Selection}. What the peers do is reported, and fails nothing. */
@ExtendWith(Matrix.Extension.class)
class OutcomeMatrixIT {

    @TestFactory
    Stream<DynamicTest> cells(Matrix matrix) {
        Stream<DynamicTest> cells = Selection.cells().stream()
                .map(cell -> DynamicTest.dynamicTest(cell.toString(), () -> run(matrix, cell)));
        DynamicTest afterwards = DynamicTest.dynamicTest(
                "nothing changes afterwards", () -> assertThat(matrix.changes()).isEmpty());
        return Stream.concat(cells, Stream.of(afterwards));
    }

    /** The report is there whenever the run is ended. */
    private static void run(Matrix matrix, Cell cell) throws Exception {
        Result result = matrix.run(cell);
        new Report(matrix.versions(), matrix.results()).write();
        judge(result);
    }

    static void judge(Result result) {
        if (result.cell().subject().isOurs() && !result.failures().isEmpty()) {
            fail(result.toString());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.wildfly.Told.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test of the test: with the driver's own XAResource in the place of ours, the oracle sees what is wrong. WildFly's
 * xa-datasource passes it on to the transaction manager as it is.
 */
@ExtendWith(Matrix.Extension.class)
class OracleIT {

    private static Result withTheDriversResource(Matrix matrix, Mode mode, Call call, Fault fault) throws Exception {
        return matrix.run(new Cell(Database.MARIADB, mode, call, fault, Subject.XA_DATASOURCE));
    }

    @Test
    void seesACommitThatNeverWas(Matrix matrix) throws Exception {
        Result result = withTheDriversResource(matrix, Mode.ONE_PHASE, Call.COMMIT_ONE_PHASE, Fault.CUT_BEFORE);
        assertThat(result.account().outcome()).as(result.toString()).isEqualTo(Outcome.COMMITTED);
        assertThat(result.violations()).as(result.toString()).contains(Violation.COMMITTED_AND_ABSENT);
    }
}

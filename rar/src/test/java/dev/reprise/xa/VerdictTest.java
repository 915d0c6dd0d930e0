// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {

    private static final BranchId XID = BranchId.of("a");

    /** Narayana takes 0 for committed in one phase, and XA_HEURCOM and XA_RDONLY need not be told. */
    @ParameterizedTest
    @EnumSource(value = Verdict.class, mode = EnumSource.Mode.EXCLUDE, names = "COMMITTED_ALONE")
    void noCodeIsOneThatReadsAsCommitted(Verdict verdict) {
        assertThat(verdict.of(XID, "", null).errorCode)
                .isNotIn(0, XAException.XA_HEURCOM, XAException.XA_RDONLY, XAException.XA_RETRY);
    }

    @Test
    void saysWhatHappenedToWhichBranch() {
        assertThat(Verdict.UNKNOWN.of(XID, "The reply was lost", null))
                .hasMessage("The reply was lost [branch 0x61,0x31,0x52]")
                .hasNoCause();
    }

    @Test
    void theCauseIsACopySinceTheOriginalMayBeOnItsWayThroughTheApplication() {
        var original = new SQLException("gone", "08000", -1, new java.io.EOFException());

        XAException told = Verdict.CONNECTION_LOST.of(XID, "lost", original);

        assertThat(told.getCause()).isNotSameAs(original).isInstanceOfSatisfying(SQLException.class, copy -> {
            assertThat((Throwable) copy).hasMessage("gone").hasCause(original.getCause());
            assertThat(copy.getSQLState()).isEqualTo("08000");
            assertThat(copy.getErrorCode()).isEqualTo(-1);
            assertThat(copy.getStackTrace()).isEqualTo(original.getStackTrace());
        });
    }
}

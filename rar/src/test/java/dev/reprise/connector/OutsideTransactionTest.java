// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static jakarta.resource.spi.ConnectionEvent.CONNECTION_ERROR_OCCURRED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reprise.xa.Bench;
import dev.reprise.xa.Mishap;
import dev.reprise.xa.Pooled;
import jakarta.resource.ResourceException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections without a container's transaction: the application is told what is not known, the container once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutsideTransactionTest {

    private static final int ANSWER_MILLIS = 1_500;

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();

    @ParameterizedTest
    @EnumSource
    void theOutcomeOfALostAutoCommitStatementIsUnknown(Mishap mishap) throws Exception {
        Pooled pooled = bench.open();
        pooled.handle().setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        mishap.arm(bench, "insert", pooled.session());

        var told = catchThrowableOfType(SQLException.class, () -> pooled.insert(row));

        assertThat(told.getSQLState()).isEqualTo("08007");
        assertThat(bench.isStored(row)).isEqualTo(mishap.done());
        assertToldOnce(pooled);
    }

    @ParameterizedTest
    @EnumSource
    void theOutcomeOfALostCommitIsUnknown(Mishap mishap) throws Exception {
        Pooled pooled = bench.open();
        pooled.handle().setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        pooled.handle().setAutoCommit(false);
        pooled.insert(row);
        mishap.arm(bench, "commit", pooled.session());

        var told =
                catchThrowableOfType(SQLException.class, () -> pooled.handle().commit());

        assertThat(told.getSQLState()).isEqualTo("08007");
        assertThat(bench.isStored(row)).isEqualTo(mishap.done());
        assertToldOnce(pooled);
    }

    @ParameterizedTest
    @EnumSource
    void aLostStatementOfAnOpenTransactionIsUndone(Mishap mishap) throws Exception {
        Pooled pooled = bench.open();
        pooled.handle().setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
        pooled.handle().setAutoCommit(false);
        mishap.arm(bench, "insert", pooled.session());

        var told = catchThrowableOfType(SQLException.class, () -> pooled.insert(row));

        assertThat(told.getSQLState()).startsWith("08").isNotEqualTo("08007");
        assertThat(bench.isStored(row)).isFalse();
        assertToldOnce(pooled);
    }

    /** And a second failure is no second event. */
    private void assertToldOnce(Pooled pooled) {
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row + "more"));
        assertThat(pooled.events()).containsExactly(CONNECTION_ERROR_OCCURRED);
        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.managed().cleanup());
    }

    @Test
    void aFailedStatementIsNoEvent() throws Exception {
        Pooled pooled = bench.open();

        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.execute("signal sqlstate '45000'"));

        assertThat(pooled.events()).isEmpty();
        assertThatCode(() -> pooled.managed().cleanup()).doesNotThrowAnyException();
    }

    @Test
    void workThatWasLeftOpenIsNotCommittedOnReturn() throws Exception {
        Pooled pooled = bench.open();
        pooled.handle().setAutoCommit(false);
        pooled.insert(row);

        pooled.managed().cleanup();

        assertThat(bench.isStored(row)).isFalse();
        var next = pooled.newHandle();
        assertThat(next.getAutoCommit()).isTrue();
        Pooled.execute(next, "insert into work (name) values ('" + row + "')");
        assertThat(bench.isStored(row)).isTrue();
    }
}

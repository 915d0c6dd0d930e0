// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.xa.Bench;
import dev.reprise.xa.Mishap;
import dev.reprise.xa.Pooled;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransactionException;
import java.sql.SQLException;
import org.awaitility.Awaitility;
import org.jboss.jca.core.spi.transaction.local.LocalResourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The container's local transaction: what it is told, against the rows that are stored. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LocalBranchTest {

    private static final int CONTROL_MILLIS = 1_500;

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();

    @Test
    void commits() throws Exception {
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);
        assertThat(bench.isStored(row)).isFalse();

        pooled.local().commit();

        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void rollsBackAndThenCommitsEachStatementOnItsOwn() throws Exception {
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);

        pooled.local().rollback();

        pooled.insert(row + "b");
        assertThat(bench.isStored(row)).isFalse();
        assertThat(bench.isStored(row + "b")).isTrue();
        pooled.managed().cleanup();
    }

    @Test
    void isBegunOnceAndEndedOnce() throws Exception {
        Pooled pooled = bench.open();
        assertThatExceptionOfType(LocalTransactionException.class)
                .isThrownBy(() -> pooled.local().commit());
        pooled.local().begin();
        assertThatExceptionOfType(LocalTransactionException.class)
                .isThrownBy(() -> pooled.local().begin());
        pooled.local().rollback();
        assertThatExceptionOfType(LocalTransactionException.class)
                .isThrownBy(() -> pooled.local().rollback());
    }

    @ParameterizedTest
    @EnumSource
    void aLostCommitIsUnknownAndNeverRolledBack(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        pooled.local().begin();
        pooled.insert(row);
        mishap.arm(bench, "commit", pooled.session());

        Throwable told = assertTimeout(
                Bench.SOON, () -> catchThrowable(() -> pooled.local().commit()));

        assertThat(told).isInstanceOf(LocalResourceException.class).hasCauseInstanceOf(SQLException.class);
        assertThat(bench.isStored(row)).isEqualTo(mishap.done());
        assertDestroyedOnReturn(pooled);
    }

    @ParameterizedTest
    @EnumSource
    void aLostStatementIsRolledBackForCertain(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        pooled.handle().setNetworkTimeout(Runnable::run, CONTROL_MILLIS);
        pooled.local().begin();
        pooled.insert(row);
        mishap.arm(bench, "insert", pooled.session());

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> pooled.insert(row + "b"))
                .satisfies(e -> assertThat(e.getSQLState()).isNotEqualTo("08007"));
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row + "c"));

        assertThatExceptionOfType(LocalTransactionException.class)
                .isThrownBy(() -> pooled.local().commit())
                .isExactlyInstanceOf(LocalTransactionException.class)
                .withCauseInstanceOf(SQLException.class);
        assertThat(bench.query("select count(*) from work where name like '" + row + "%'"))
                .isZero();
        assertDestroyedOnReturn(pooled);
    }

    @ParameterizedTest
    @EnumSource
    void aLostRollbackIsUndoneByTheEndOfItsSession(Mishap mishap) throws Exception {
        Pooled pooled = bench.open(CONTROL_MILLIS);
        pooled.local().begin();
        pooled.insert(row);
        long session = pooled.session();
        mishap.arm(bench, "rollback", session);

        assertTimeout(Bench.SOON, () -> pooled.local().rollback());

        Awaitility.await().atMost(Bench.SOON).until(() -> !bench.lives(session));
        bench.administer("insert into work (name) values ('" + row + "')");
        assertDestroyedOnReturn(pooled);
    }

    @Test
    void aConnectionThatIsFoundDeadAtItsBeginIsReplaced() throws Exception {
        Pooled pooled = bench.open();
        bench.kill(pooled.session());

        pooled.local().begin();
        pooled.insert(row);
        pooled.local().commit();

        assertThat(bench.isStored(row)).isTrue();
        assertThat(pooled.events()).isEmpty();
    }

    @Test
    void isNotBegunWhereNoServerCanBeReached() throws Exception {
        Pooled pooled = bench.open();
        bench.proxy().refuse();
        bench.proxy().resetAll();

        assertThatExceptionOfType(LocalTransactionException.class)
                .isThrownBy(() -> pooled.local().begin());

        assertDestroyedOnReturn(pooled);
    }

    @Test
    void aCommitThatAReadOnlyServerRefusesIsRolledBack() throws Exception {
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);
        bench.administer("set global read_only = 1");
        try {
            assertThatExceptionOfType(LocalTransactionException.class)
                    .isThrownBy(() -> pooled.local().commit())
                    .isExactlyInstanceOf(LocalTransactionException.class);
        } finally {
            bench.administer("set global read_only = 0");
        }
        assertThat(bench.isStored(row)).isFalse();
        assertDestroyedOnReturn(pooled);
    }

    private static void assertDestroyedOnReturn(Pooled pooled) {
        assertThat(pooled.events()).isEmpty();
        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.managed().cleanup());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import jakarta.resource.ResourceException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.transaction.xa.XAException;
import org.jboss.jca.core.spi.transaction.local.LocalResourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that ends by SQL what the container has begun. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Server.class)
class ApplicationsOwnCommitTest {

    @RegisterExtension
    final Bench bench;

    private final Server server;
    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    ApplicationsOwnCommitTest(Server server) {
        this.server = server;
        bench = new Bench(server);
    }

    private static void assertRefused(Pooled pooled, String sql) throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> pooled.execute(sql))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25000"));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> pooled.handle().prepareStatement(sql))
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25000"));
        try (Statement batch = pooled.handle().createStatement()) {
            assertThatExceptionOfType(SQLException.class).isThrownBy(() -> batch.addBatch(sql));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commit",
                "rollback",
                "begin",
                "xa end 'a'",
                "prepare transaction 'a'",
                "savepoint a",
                "select 1; commit"
            })
    void isRefusedInABranchWhichGoesOn(String sql) throws Exception {
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);

        assertRefused(pooled, sql);

        pooled.end(xid);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"commit", "rollback", "start transaction", "set autocommit = 1", "select 1; commit"})
    void isRefusedInALocalTransactionWhichGoesOn(String sql) throws Exception {
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);

        assertRefused(pooled, sql);

        pooled.local().commit();
        assertThat(bench.isStored(row)).isTrue();
    }

    @Test
    void savepointsAreAllowedInALocalTransaction() throws Exception {
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);
        pooled.execute("savepoint here");
        pooled.insert(row + "b");
        pooled.execute("rollback to here");
        pooled.local().commit();

        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.isStored(row + "b")).isFalse();
    }

    @Test
    void isAllowedOutsideAContainersTransaction() throws Exception {
        Pooled pooled = bench.open();
        pooled.execute("begin");
        pooled.insert(row);
        pooled.execute("commit");

        assertThat(bench.isStored(row)).isTrue();
    }

    /** MariaDB commits before and after DDL; PostgreSQL does not. */
    @Test
    void dataDefinitionInALocalTransactionIsNotReportedAsWhatItIsNot() throws Exception {
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);
        pooled.execute("create table made_by_" + row + " (id int)");
        boolean divided = server == Server.MARIADB;
        if (divided) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> pooled.insert(row + "b"))
                    .withMessageContaining("ended the transaction by itself");
            assertThatExceptionOfType(LocalResourceException.class)
                    .isThrownBy(() -> pooled.local().commit());
            assertThat(bench.isStored(row)).isTrue();
        } else {
            pooled.local().rollback();
            assertThat(bench.isStored(row)).isFalse();
        }
        bench.administer("drop table if exists made_by_" + row);
    }

    @Test
    void aRollbackThatCannotUndoAllSaysSo() throws Exception {
        assumeThat(server).as("which commits before DDL").isEqualTo(Server.MARIADB);
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);
        pooled.execute("create table made_by_" + row + " (id int)");

        assertThatExceptionOfType(ResourceException.class)
                .isThrownBy(() -> pooled.local().rollback())
                .withMessageContaining("may have been committed");

        assertThat(bench.isStored(row)).isTrue();
        bench.administer("drop table if exists made_by_" + row);
    }

    @Test
    void aTemporaryTableEndsNothing() throws Exception {
        Pooled pooled = bench.open();
        pooled.local().begin();
        pooled.insert(row);
        pooled.execute("create temporary table made_by_" + row + " (id int)");
        pooled.insert(row + "b");
        pooled.local().commit();

        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.isStored(row + "b")).isTrue();
    }

    @Test
    void aProcedureThatEndsTheBranchIsNoticed() throws Exception {
        assumeThat(server)
                .as("whose procedures can end a transaction from inside")
                .isEqualTo(Server.MARIADB);
        String branch = "'" + row + "','1'," + xid.format();
        bench.administer("create procedure end_" + row + "() begin xa end " + branch + "; xa commit " + branch
                + " one phase; end");
        Pooled pooled = bench.open();
        pooled.start(xid);
        pooled.insert(row);
        try (PreparedStatement call = pooled.handle().prepareCall("call end_" + row + "()")) {
            call.execute();
        }
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> pooled.insert(row + "b"));
        pooled.end(xid);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_HEURHAZ);

        assertThat(bench.isStored(row)).isTrue();
        bench.administer("drop procedure end_" + row);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.reprise.testsupport.Trigger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * PostgreSQL refuses BEGIN, as it does when a cancel arrives that was meant for the statement before. pgjdbc has sent the
 * first statement behind it by then, and the server runs that one in a transaction of its own, which it commits.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedBeginTest {

    @RegisterExtension
    final Bench bench = new Bench(Server.POSTGRESQL);

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);
    private Pooled pooled;

    @BeforeEach
    void open() throws Exception {
        pooled = bench.open();
    }

    private Trigger refuse() throws SQLException {
        long session = pooled.session();
        return bench.proxy().onRequest("begin").inSession(id -> id == session).refuse();
    }

    private void insert() throws SQLException {
        try (PreparedStatement insert = pooled.handle().prepareStatement("insert into work (name) values (?)")) {
            insert.setString(1, row);
            insert.executeUpdate();
        }
    }

    private void assertNothingIsStored(Trigger refused) throws SQLException {
        assertThat(refused.hits()).isOne();
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void nothingOfABranchIsStored() throws Exception {
        Trigger refused = refuse();
        pooled.start(xid);

        assertThatExceptionOfType(SQLException.class).isThrownBy(this::insert);
        pooled.end(xid);
        pooled.xa().rollback(xid);

        assertNothingIsStored(refused);
        pooled.work(xid, row);
        pooled.xa().commit(xid, true);
        assertThat(bench.isStored(row)).isTrue();
    }

    /** The matrix has found that it waited for ever. */
    @Test
    void itWaitsNoLongerThanAControlCall() throws Exception {
        Pooled impatient = bench.open(1_000);
        long session = impatient.session();
        bench.proxy().onRequest("begin").inSession(id -> id == session).stallBefore();
        impatient.start(xid);

        assertTimeoutPreemptively(
                Bench.SOON,
                () -> assertThatExceptionOfType(SQLException.class).isThrownBy(() -> impatient.insert(row)));

        impatient.end(xid);
        assertThat(Codes.code(() -> impatient.xa().commit(xid, true))).isBetween(100, 107);
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void aBranchCannotBeCommittedThen() throws Exception {
        Trigger refused = refuse();
        pooled.start(xid);
        assertThatExceptionOfType(SQLException.class).isThrownBy(this::insert);
        pooled.end(xid);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_RBROLLBACK);

        assertNothingIsStored(refused);
    }

    @Test
    void nothingOfALocalTransactionIsStored() throws Exception {
        Trigger refused = refuse();
        pooled.local().begin();

        assertThatExceptionOfType(SQLException.class).isThrownBy(this::insert);
        pooled.local().rollback();

        assertNothingIsStored(refused);
    }

    @Test
    void nothingOfTheApplicationsOwnTransactionIsStored() throws Exception {
        Trigger refused = refuse();
        pooled.handle().setAutoCommit(false);

        assertThatExceptionOfType(SQLException.class).isThrownBy(this::insert);
        pooled.handle().rollback();

        assertNothingIsStored(refused);
        insert();
        pooled.handle().commit();
        assertThat(bench.isStored(row)).isTrue();
    }
}

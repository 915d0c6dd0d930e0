// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.database.CommitGuard;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** PostgreSQL aborts a transaction on an error; here nobody but the driver has seen it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnseenErrorTest {

    @RegisterExtension
    final Bench bench = new Bench(Server.POSTGRESQL);

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    private void failUnseen(Pooled pooled) throws Exception {
        pooled.start(xid);
        pooled.insert(row);
        var driver = (Connection) pooled.handle().unwrap(PGConnection.class);
        try (Statement statement = driver.createStatement()) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> statement.execute("select * from no_such_table"));
        }
        pooled.end(xid);
    }

    @ParameterizedTest
    @EnumSource(names = {"LEDGER", "TWO_PHASE", "NATIVE", "NONE"})
    void isNotReportedAsCommitted(CommitGuard guard) throws Exception {
        var factory = bench.factory(15_000);
        factory.setCommitGuard(guard.text());
        factory.setLedgerTable("slots");
        Pooled pooled = bench.open(factory);
        failUnseen(pooled);

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_RBROLLBACK);

        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void isNotReportedAsPrepared() throws Exception {
        Pooled pooled = bench.open();
        failUnseen(pooled);

        assertThat(Codes.code(() -> pooled.xa().prepare(xid))).isEqualTo(XAException.XA_RBROLLBACK);

        assertThat(bench.isPrepared(xid)).isFalse();
    }
}

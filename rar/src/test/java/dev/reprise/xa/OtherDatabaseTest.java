// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.connector.RepriseResourceAdapter;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database of which nothing is known but its XADataSource: H2, in a file. */
@Timeout(60)
class OtherDatabaseTest {

    private final BranchId xid = BranchId.of(Bench.name());
    private final RepriseResourceAdapter adapter = new RepriseResourceAdapter();
    private final List<Pooled> opened = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void create() throws Exception {
        execute("create table work (name varchar(100) primary key)");
        execute("checkpoint sync");
    }

    @AfterEach
    void close() throws Exception {
        for (Pooled each : opened) {
            each.managed().destroy();
        }
        adapter.stop();
        execute("shutdown immediately");
    }

    /** No trace file, which sessions that are closed in the background would write when the folder is being removed. */
    private String url() {
        return "jdbc:h2:file:" + folder.resolve("h2") + ";DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0";
    }

    private Pooled open(String guard) throws Exception {
        var factory = new RepriseManagedConnectionFactory();
        factory.setXaDataSourceClass("org.h2.jdbcx.JdbcDataSource");
        factory.setUrl(url());
        factory.setUser("sa");
        factory.setCommitGuard(guard);
        factory.setResourceAdapter(adapter);
        var pooled = new Pooled(factory.createManagedConnection(null, null), "select session_id()");
        opened.add(pooled);
        return pooled;
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url(), "sa", "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long stored() throws SQLException {
        try (var connection = DriverManager.getConnection(url(), "sa", "");
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from work")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void onePhase() throws Exception {
        Pooled pooled = open("auto");
        pooled.work(xid, "committed");
        pooled.xa().commit(xid, true);
        var second = BranchId.of(Bench.name());
        pooled.work(second, "rolled back");
        pooled.xa().rollback(second);

        assertThat(stored()).isOne();
    }

    @Test
    void onePhaseGuardedByTwo() throws Exception {
        Pooled pooled = open("two-phase");
        pooled.work(xid, "committed");
        pooled.xa().commit(xid, true);

        assertThat(stored()).isOne();
    }

    @Test
    void twoPhases() throws Exception {
        Pooled pooled = open("auto");
        pooled.work(xid, "committed");
        assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_OK);
        pooled.xa().commit(xid, false);
        var second = BranchId.of(Bench.name());
        pooled.work(second, "rolled back");
        assertThat(pooled.xa().prepare(second)).isEqualTo(XAResource.XA_OK);
        pooled.xa().rollback(second);

        assertThat(stored()).isOne();
    }

    @Test
    void aPreparedBranchIsFoundAfterACrash() throws Exception {
        Pooled pooled = open("auto");
        pooled.work(xid, "committed");
        assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_OK);
        execute("shutdown immediately");

        Pooled recovery = open("auto");
        Xid[] found = recovery.xa().recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
        assertThat(found).hasSize(1);
        assertThat(found[0].getGlobalTransactionId()).isEqualTo(xid.getGlobalTransactionId());
        recovery.xa().commit(found[0], false);

        assertThat(stored()).isOne();
        assertThat(recovery.xa().recover(XAResource.TMSTARTRSCAN)).isEmpty();
    }

    /** There is no guard unless it is asked for. */
    @Test
    void aLostCommitIsUnknown() throws Exception {
        Pooled pooled = open("auto");
        pooled.work(xid, "lost");
        execute("shutdown immediately");

        assertThat(Codes.code(() -> pooled.xa().commit(xid, true))).isEqualTo(XAException.XA_HEURHAZ);
        assertThat(stored()).isZero();
    }

    @Test
    void localTransactions() throws Exception {
        Pooled pooled = open("auto");
        pooled.local().begin();
        pooled.insert("committed");
        pooled.local().commit();
        pooled.local().begin();
        pooled.insert("rolled back");
        pooled.local().rollback();
        pooled.insert("on its own");

        assertThat(stored()).isEqualTo(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.xa.Narayana.MANAGER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.transaction.Status;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.XAConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

/**
 * What the adapter is for. If one of these fails, a driver or the transaction manager has become better than it was when
 * the adapter was made.
 */
@Timeout(60) // in the thread that begins the transaction
class DriversOwnResourceTest {

    private final String row = Bench.name();

    @BeforeEach
    void begin() throws Exception {
        MANAGER.begin();
    }

    @AfterEach
    void end() throws Exception {
        if (MANAGER.getStatus() != Status.STATUS_NO_TRANSACTION) {
            MANAGER.rollback();
        }
    }

    @Test
    void aCommitThatNeverHappenedReturnsNormallyOnMariaDb() throws Exception {
        var bench = new Bench(Server.MARIADB);
        var dataSource =
                new MariaDbDataSource(bench.database().jdbcUrl(bench.proxy().port()));
        XAConnection connection = dataSource.getXAConnection(
                bench.database().user(), bench.database().password());
        MANAGER.getTransaction().enlistResource(connection.getXAResource());
        Pooled.execute(connection.getConnection(), insert());
        bench.proxy().onRequest("xa commit").cutBefore();

        assertThatACommitIsReportedThatNeverHappened(bench);

        connection.close();
        bench.close();
    }

    @Test
    void aTransactionThatWasUndoneIsCommittedOnPostgreSql() throws Exception {
        var bench = new Bench(Server.POSTGRESQL);
        var dataSource = new PGXADataSource();
        dataSource.setUrl(bench.database().jdbcUrl());
        XAConnection connection = dataSource.getXAConnection(
                bench.database().user(), bench.database().password());
        MANAGER.getTransaction().enlistResource(connection.getXAResource());
        Connection handle = connection.getConnection();
        Pooled.execute(handle, insert());
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> Pooled.execute(handle, "select * from no_such_table"));

        assertThatACommitIsReportedThatNeverHappened(bench);

        connection.close();
        bench.close();
    }

    private String insert() {
        return "insert into work (name) values ('" + row + "')";
    }

    private void assertThatACommitIsReportedThatNeverHappened(Bench bench) throws SQLException {
        Throwable told = catchThrowable(MANAGER::commit);
        assertThat(bench.isStored(row)).isFalse();
        assertThat(told)
                .as("what tm.commit() throws; null is a commit that was reported and never happened")
                .isNull();
    }
}

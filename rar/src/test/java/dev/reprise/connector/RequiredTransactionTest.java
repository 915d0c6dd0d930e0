// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.xa.Bench;
import dev.reprise.xa.BranchId;
import dev.reprise.xa.Pooled;
import java.sql.SQLException;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code requireTransaction=true}: nothing is run outside a transaction of the container. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequiredTransactionTest {

    @RegisterExtension
    final Bench bench = new Bench();

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);
    private RepriseManagedConnectionFactory factory;
    private Pooled pooled;

    @BeforeEach
    void open() throws Exception {
        factory = bench.factory(3_000);
        factory.setRequireTransaction("true");
        factory.setNewConnectionSql("select 1");
        pooled = bench.open(factory);
    }

    @Test
    void aWriteIsRefused() throws Exception {
        assertRefused(() -> pooled.insert(row));

        assertThat(bench.isStored(row)).isFalse();
        assertThat(pooled.events()).isEmpty();
    }

    /** Nothing tells before it has run that it does not write. */
    @Test
    void aQueryIsRefused() {
        assertRefused(() -> pooled.execute("select n from work"));
    }

    @Test
    void aStatementFromWithinTheTransactionIsRefusedAfterIt() throws Exception {
        pooled.start(xid);
        try (var statement = pooled.handle().prepareStatement("insert into work (name) values ('" + row + "')")) {
            pooled.end(xid);
            pooled.xa().rollback(xid);

            assertRefused(statement::executeUpdate);
        }
        assertThat(bench.isStored(row)).isFalse();
    }

    @Test
    void workInATransactionIsCommitted() throws Exception {
        pooled.work(xid, row);
        pooled.xa().commit(xid, true);
        pooled.local().begin();
        pooled.insert(row + "local");
        pooled.local().commit();

        assertThat(bench.isStored(row)).isTrue();
        assertThat(bench.isStored(row + "local")).isTrue();
    }

    /** A persistence provider asks when it is started. */
    @Test
    void whatTheDatabaseIsCanBeAsked() throws Exception {
        assertThat(pooled.handle().getMetaData().getDatabaseProductName()).isEqualTo("MariaDB");
        assertThat(pooled.handle().isValid(1)).isTrue();
    }

    @Test
    void theChecksOfTheAdapterAreNotConcerned() throws Exception {
        pooled.managed().cleanup();

        assertThat(factory.matchManagedConnections(Set.of(pooled.managed()), null, null))
                .isEqualTo(pooled.managed());
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .withMessageContaining("requireTransaction")
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("25000"));
    }
}

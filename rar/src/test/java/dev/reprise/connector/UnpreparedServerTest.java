// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.testsupport.PostgreSql;
import dev.reprise.testsupport.PostgreSqlOptions;
import dev.reprise.xa.BranchId;
import java.sql.Connection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Test;

/** A PostgreSQL as it comes: it prepares no transactions. */
class UnpreparedServerTest {

    @Test
    void isSaidOnceAndPrepareIsRolledBackWithThatCause() throws Exception {
        try (PostgreSql server = PostgreSql.start(PostgreSqlOptions.defaults().with("--max-prepared-transactions=0"));
                Logged logged = new Logged()) {
            var factory = new RepriseManagedConnectionFactory();
            factory.setXaDataSourceClass("org.postgresql.xa.PGXADataSource");
            factory.setUrl(server.jdbcUrl());
            factory.setUser(server.user());
            factory.setPassword(server.password());
            RepriseManagedConnection connection = Factories.create(factory);
            RepriseManagedConnection another = Factories.create(factory);

            assertThat(logged.count("REPRISE0015")).isEqualTo(1);
            assertThat(logged.text()).contains("max_prepared_transactions is 0");
            BranchId xid = BranchId.of("unprepared");
            connection.getXAResource().start(xid, XAResource.TMNOFLAGS);
            try (Connection handle = connection.getConnection(null, null);
                    var statement = handle.createStatement()) {
                statement.execute("create table work (id int)");
            }
            connection.getXAResource().end(xid, XAResource.TMSUCCESS);
            assertThatExceptionOfType(XAException.class)
                    .isThrownBy(() -> connection.getXAResource().prepare(xid))
                    .satisfies(e -> assertThat(e.errorCode).isEqualTo(XAException.XA_RBROLLBACK))
                    .havingCause()
                    .withMessageContaining("prepared transactions are disabled");
            connection.destroy();
            another.destroy();
        }
    }
}

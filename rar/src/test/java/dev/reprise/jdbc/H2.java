// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A database in memory, which ends with its connection, behind a handle. */
final class H2 implements AutoCloseable {

    final Connection physical;
    final StubOwner owner;
    final ConnectionHandle handle;

    H2() throws SQLException {
        physical = DriverManager.getConnection("jdbc:h2:mem:");
        owner = new StubOwner(physical);
        handle = new ConnectionHandle(physical, owner, new NoTransactions());
        try (var statement = physical.createStatement()) {
            statement.execute("create table account (id int primary key, balance int not null)");
            statement.execute("insert into account values (1, 100), (2, 200)");
        }
    }

    @Override
    public void close() throws SQLException {
        physical.close();
    }
}

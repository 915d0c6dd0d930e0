// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What a transfer does on one connection, in SQL that MariaDB and PostgreSQL share. */
record Accounts(Connection connection) {

    /** Of SQLStates: an integrity constraint is violated, and here there is only the primary key. */
    private static final String CONSTRAINT = "23";

    void store(Transfer transfer) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into transfer (id, debit, credit, amount) values (?, ?, ?, ?)")) {
            insert.setString(1, transfer.id());
            insert.setInt(2, transfer.from());
            insert.setInt(3, transfer.to());
            insert.setLong(4, transfer.amount());
            insert.executeUpdate();
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(CONSTRAINT)) {
                throw new AlreadyStoredException(transfer.id());
            }
            throw e;
        }
    }

    void add(int account, long amount) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update account set balance = balance + ? where id = ? and balance + ? >= 0")) {
            update.setLong(1, amount);
            update.setInt(2, account);
            update.setLong(3, amount);
            if (update.executeUpdate() == 0) {
                throw new RefusedException("account " + account + " does not exist or has too little money");
            }
        }
    }
}

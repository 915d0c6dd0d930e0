// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import dev.reprise.retry.RetryTransaction;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.transaction.RollbackException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Moves money with plain JDBC. Each method is one transaction: it has happened when the method returns. If the connection
 * is lost on the way, the transaction is rolled back and the method runs again; nothing here has to know of it.
 *
 * <p>{@code SUPPORTS} leaves the transaction to {@link RetryTransaction}. A bean that must stay as it is: {@link Teller}.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
@RetryTransaction
@SuppressWarnings("NullAway.Init") // the container injects
public class Bank {

    @Resource(lookup = "java:/jdbc/Reprise")
    private DataSource dataSource;

    /**
     * @throws RefusedException if an account is missing or has too little money, or the id was used before
     * @throws SQLException if the database refused it
     * @throws RollbackException if the commit failed. After each of these nothing is stored
     * @throws dev.reprise.retry.TransactionOutcomeUnknownException if nobody can tell whether it is stored
     */
    public void transfer(Transfer transfer) throws SQLException, RollbackException {
        try (Connection connection = dataSource().getConnection()) {
            var accounts = new Accounts(connection);
            accounts.store(transfer);
            accounts.add(transfer.from(), -transfer.amount());
            accounts.add(transfer.to(), transfer.amount());
        }
    }

    /** Cents by account. */
    public SortedMap<Integer, Long> balances() throws SQLException, RollbackException {
        try (Connection connection = dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement("select id, balance from account");
                ResultSet row = select.executeQuery()) {
            var balances = new TreeMap<Integer, Long>();
            while (row.next()) {
                balances.put(row.getInt(1), row.getLong(2));
            }
            return balances;
        }
    }

    /** How many transfers are stored. */
    public long stored() throws SQLException, RollbackException {
        try (Connection connection = dataSource().getConnection();
                PreparedStatement select = connection.prepareStatement("select count(*) from transfer");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    DataSource dataSource() throws SQLException {
        return dataSource;
    }
}

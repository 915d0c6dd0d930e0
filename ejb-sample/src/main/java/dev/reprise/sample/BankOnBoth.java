// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.transaction.RollbackException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Moves money between {@link Bank} and {@link BankOnSecond}, in one transaction on two databases: both store the transfer
 * or none. The accounts of the second have the numbers from 11 on here.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class BankOnBoth extends Bank {

    @Override
    public void transfer(Transfer transfer) throws SQLException, RollbackException {
        try (Connection debit = keeper(transfer.from()).getConnection();
                Connection credit = keeper(transfer.to()).getConnection()) {
            var from = new Accounts(debit);
            var to = new Accounts(credit);
            from.store(transfer);
            to.store(transfer);
            from.add(number(transfer.from()), -transfer.amount());
            to.add(number(transfer.to()), transfer.amount());
        }
    }

    private DataSource keeper(int account) throws SQLException {
        return account <= Schema.ACCOUNTS ? dataSource() : OptionalDataSource.get(BankOnSecond.SECOND);
    }

    private static int number(int account) {
        return account <= Schema.ACCOUNTS ? account : account - Schema.ACCOUNTS;
    }
}

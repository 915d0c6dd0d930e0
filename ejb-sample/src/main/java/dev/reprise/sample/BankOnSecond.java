// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The same bank on a second database, where {@code docs/reprise.cli} was run again with another name. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class BankOnSecond extends Bank {

    static final String SECOND = "java:/jdbc/Second";

    /** As in {@link Bank}; written here again so that its retries are counted under this name. */
    @Override
    public void transfer(Transfer transfer) throws SQLException, RollbackException {
        super.transfer(transfer);
    }

    @Override
    DataSource dataSource() throws SQLException {
        return OptionalDataSource.get(SECOND);
    }
}

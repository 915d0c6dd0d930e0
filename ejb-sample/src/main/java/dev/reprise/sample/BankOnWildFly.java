// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** The same bank on WildFly's own xa-datasource, for comparison. */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class BankOnWildFly extends Bank {

    /** As in {@link Bank}; written here again so that its retries are counted under this name. */
    @Override
    public void transfer(Transfer transfer) throws SQLException, RollbackException {
        super.transfer(transfer);
    }

    @Override
    DataSource dataSource() {
        return lookUp().orElseThrow(() ->
                new IllegalStateException("java:/jdbc/Wildfly is not there: see docs/wildfly-xa-datasource.cli"));
    }

    /** Not injected, since the bank can be deployed where it is missing. */
    @SuppressWarnings("BanJNDI") // a constant name of this server
    static Optional<DataSource> lookUp() {
        try {
            return Optional.of(InitialContext.doLookup("java:/jdbc/Wildfly"));
        } catch (NamingException e) {
            return Optional.empty();
        }
    }
}

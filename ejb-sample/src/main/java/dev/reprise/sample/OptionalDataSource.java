// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import java.sql.SQLException;
import java.util.Optional;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Looked up and not injected, since the bank can be deployed where it is missing. */
final class OptionalDataSource {

    private OptionalDataSource() {}

    @SuppressWarnings("BanJNDI") // constant names of this server
    static Optional<DataSource> lookUp(String name) {
        try {
            return Optional.of(InitialContext.doLookup(name));
        } catch (NamingException e) {
            return Optional.empty();
        }
    }

    /** @throws SQLException if it is missing: that may be for the time in which the server is starting or stopping */
    static DataSource get(String name) throws SQLException {
        return lookUp(name).orElseThrow(() -> new SQLException(name + " is not there: see docs", "08001"));
    }
}

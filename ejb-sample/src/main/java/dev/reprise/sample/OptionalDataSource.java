// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

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

    /** @throws IllegalStateException if it is missing */
    static DataSource get(String name) {
        return lookUp(name).orElseThrow(() -> new IllegalStateException(name + " is not there: see docs"));
    }
}

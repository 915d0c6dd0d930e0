// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.Faults;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** A data source in WildFly, and the proxy between it and its database. Usable inside the server and outside of it. */
public enum Link {
    /** The adapter as {@code docs/reprise.cli} configures it. */
    REPRISE(Dialect.MARIADB),
    /** A second connection definition of the adapter, with another user for recovery and short patience. */
    SECOND(Dialect.MARIADB),
    /** The adapter with local transactions. */
    LOCAL(Dialect.MARIADB),
    /** As {@link #REPRISE}, with a pool that is flushed under load, after which WildFly may not fill it any more. */
    FLUSHED(Dialect.MARIADB),
    /** As {@link #REPRISE}; a lost transaction is run again. */
    REPLAYED(Dialect.MARIADB),
    /** WildFly's own xa-datasource as {@code docs/wildfly-xa-datasource.cli} configures it. */
    WILDFLY(Dialect.MARIADB),
    /** WildFly's other kind of xa-datasource, of its subsystem datasources-agroal. */
    AGROAL(Dialect.MARIADB),
    /** As {@link #REPRISE}, with the flavour for PostgreSQL. */
    POSTGRESQL(Dialect.POSTGRESQL),
    /** As {@link #SECOND}. */
    POSTGRESQL_SECOND(Dialect.POSTGRESQL),
    /** As {@link #REPLAYED}. */
    POSTGRESQL_REPLAYED(Dialect.POSTGRESQL),
    /** As {@link #LOCAL}. */
    POSTGRESQL_LOCAL(Dialect.POSTGRESQL),
    /** As {@link #WILDFLY}. */
    WILDFLY_POSTGRESQL(Dialect.POSTGRESQL),
    /** As {@link #AGROAL}. */
    AGROAL_POSTGRESQL(Dialect.POSTGRESQL);

    private final Dialect dialect;

    Link(Dialect dialect) {
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Its name in the server's configuration. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String jndiName() {
        return "java:/jdbc/"
                + Arrays.stream(id().split("-"))
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }

    /** The system property, of the server and of the tests, that says where its faults are. */
    String property() {
        return "reprise.faults." + id();
    }

    /** Inside the server. */
    @SuppressWarnings("BanJNDI") // constant names
    public DataSource dataSource() {
        try {
            return InitialContext.doLookup(jndiName());
        } catch (NamingException e) {
            throw new IllegalStateException(jndiName() + " is not there", e);
        }
    }

    /** Inside the server and outside of it. */
    public Faults faults() {
        try {
            return Faults.at(Integer.getInteger(property(), 0));
        } catch (RemoteException e) {
            throw new IllegalStateException("No faults for " + this, e);
        }
    }

    /** All is well again on every link. */
    public static void healAll() throws RemoteException {
        for (Link link : values()) {
            Faults faults = link.faults();
            faults.disarmAll();
            faults.blackHole(false);
            faults.accept();
        }
    }
}

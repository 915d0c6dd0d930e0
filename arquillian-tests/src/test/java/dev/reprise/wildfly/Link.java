// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.Faults;
import java.rmi.RemoteException;
import java.util.Locale;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** A data source in WildFly, and the proxy between it and the one database. Usable inside the server and outside of it. */
public enum Link {
    /** The adapter as {@code docs/reprise.cli} configures it. */
    REPRISE,
    /** A second connection definition of the adapter. */
    SECOND,
    /** The adapter with local transactions. */
    LOCAL,
    /** WildFly's own xa-datasource as {@code docs/wildfly-xa-datasource.cli} configures it. */
    WILDFLY;

    /** Its name in the server's configuration. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    String jndiName() {
        return "java:/jdbc/" + name().charAt(0) + id().substring(1);
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

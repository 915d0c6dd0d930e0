// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import dev.reprise.fault.FaultTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/** What differs between databases and their drivers. Stateless and thread-safe. */
public interface Database {

    /** The database that an {@code XADataSource} class belongs to; {@link Generic} if its driver is not known. */
    static Database of(String xaDataSourceClass) {
        if (xaDataSourceClass.startsWith("org.mariadb.jdbc.")) {
            return new MariaDb();
        }
        if (xaDataSourceClass.startsWith("org.postgresql.")) {
            return new PostgreSql();
        }
        return new Generic();
    }

    String name();

    /** Whether nothing is known of the database but JDBC and XA. */
    default boolean isGeneric() {
        return false;
    }

    FaultTable faults();

    /** What is wrong with this configuration of the driver, a sentence each; empty if it can be used. */
    List<String> refusals(String url, Map<String, String> driverProperties);

    /**
     * The settings of the driver's {@code XADataSource}, in the order in which they are to be made.
     *
     * @param socketFactory the class name of a factory that the driver can load; empty for the driver's own sockets
     */
    Map<String, String> dataSourceProperties(
            String url, Map<String, String> driverProperties, Duration connectTimeout, String socketFactory);

    /** Marks the session and asks the server about it and about itself: one round trip. */
    Session open(Connection connection, String mark) throws SQLException;

    /** One round trip to the server and back; returns normally if it answered. Opens no transaction. */
    void ping(Connection connection, Duration timeout) throws SQLException;

    /**
     * Ends another session and waits until the server has undone its work.
     *
     * @param control a connection of the same user
     * @return true if the session is gone for certain; false if that cannot be said, for instance because the control
     *     connection reached another server
     */
    boolean fence(Connection control, Session controlSession, Session victim, Duration timeout) throws SQLException;

    /** Whether this says that the server has become read-only: it answered, the connection lives, but must go. */
    boolean becameReadOnly(SQLException e);

    /** Whether a failed statement leaves nothing of its transaction to commit (PostgreSQL). */
    default boolean statementFailureAbortsTransaction() {
        return false;
    }

    /** All prepared branches that the server knows, also those of others; what cannot be decoded is left out. */
    default List<Xid> prepared(Connection connection, XAResource resource) throws SQLException, XAException {
        return List.of(resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN));
    }
}

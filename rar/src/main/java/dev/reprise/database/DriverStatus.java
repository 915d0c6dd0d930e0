// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.mariadb.jdbc.util.constants.ServerStatus;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** What drivers know of a session from the server's last answer. Loaded only where it is asked for: drivers may be missing. */
final class DriverStatus {

    private DriverStatus() {}

    /** Connector/J. */
    static final class MariaDbDriver {

        private MariaDbDriver() {}

        static InTransaction of(Connection connection) throws SQLException {
            int status = connection
                    .unwrap(org.mariadb.jdbc.Connection.class)
                    .getContext()
                    .getServerStatus();
            return (status & ServerStatus.IN_TRANSACTION) != 0 ? InTransaction.YES : InTransaction.NO;
        }
    }

    /** pgjdbc. */
    static final class PostgreSqlDriver {

        private PostgreSqlDriver() {}

        static InTransaction of(Connection connection) throws SQLException {
            TransactionState state = connection.unwrap(BaseConnection.class).getTransactionState();
            return state == TransactionState.IDLE ? InTransaction.NO : InTransaction.YES;
        }

        /** @param parameter one that the server reports by itself */
        static boolean isOn(Connection connection, String parameter) throws SQLException {
            return "on"
                    .equals(connection
                            .unwrap(BaseConnection.class)
                            .getQueryExecutor()
                            .getParameterStatus(parameter));
        }
    }
}

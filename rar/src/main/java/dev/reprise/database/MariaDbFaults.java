// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static dev.reprise.fault.Fault.CONNECTION;
import static dev.reprise.fault.Fault.STATEMENT;
import static dev.reprise.fault.Fault.TRANSACTION;

import dev.reprise.fault.FaultTable;

/** "Measured" is MariaDB 11.4.5 and 10.11.19 through Connector/J 3.5.11 and 4.0.0. */
final class MariaDbFaults {

    static final FaultTable TABLE = FaultTable.vendor()
            .stateAndCode(
                    "08000", -1, CONNECTION, "socket error: KILL, wait_timeout, shutdown, reset, time-out (measured)")
            .stateAndCode("08000", 1220, CONNECTION, "Connection is closed: any call after it was lost (measured)")
            .code(1213, TRANSACTION, "deadlock; later statements still answer OK (measured)")
            .code(1020, TRANSACTION, "snapshot conflict, innodb_snapshot_isolation; XA END is XA_RBROLLBACK (measured)")
            .code(1402, TRANSACTION, "XA_RBROLLBACK (MariaDB error list)")
            .code(1613, TRANSACTION, "XA_RBTIMEOUT (MariaDB error list)")
            .code(1614, TRANSACTION, "XA_RBDEADLOCK (MariaDB error list)")
            .code(1205, STATEMENT, "lock wait timeout; only the statement is undone (measured)")
            .code(1047, CONNECTION, "Galera: node not prepared for application use, rollback fails too (measured)")
            .stateAndCode("08", 1053, CONNECTION, "server shutdown in progress (MariaDB error list)")
            .code(1927, CONNECTION, "connection was killed (MariaDB error list)")
            .stateAndCode("08", 1040, CONNECTION, "too many connections (measured)")
            .andStandard();

    private MariaDbFaults() {}
}

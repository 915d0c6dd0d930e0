// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static dev.reprise.fault.Fault.CONNECTION;
import static dev.reprise.fault.Fault.TRANSACTION;

import dev.reprise.fault.FaultTable;

/** "Measured" is PostgreSQL 15.18 through pgjdbc 42.7.14, which has no vendor codes. */
final class PostgreSqlFaults {

    static final FaultTable TABLE = FaultTable.vendor()
            .state("57P01", CONNECTION, "terminated, fast shutdown (measured)")
            .state("57P02", CONNECTION, "crash shutdown (PostgreSQL appendix A)")
            .state("57P03", CONNECTION, "cannot connect now (PostgreSQL appendix A)")
            .state("57P05", CONNECTION, "idle_session_timeout, no event (measured)")
            .state("25P03", CONNECTION, "idle_in_transaction_session_timeout, no event (measured)")
            .state("25P04", CONNECTION, "transaction_timeout (PostgreSQL appendix A)")
            .state("08001", CONNECTION, "cannot connect (measured)")
            .state("08003", CONNECTION, "closed: any call after it was lost (measured)")
            .state("08006", CONNECTION, "reset, time-out, lost reply (measured)")
            .state("40P01", TRANSACTION, "deadlock (measured)")
            .state("25P02", TRANSACTION, "the transaction was aborted by an earlier failure (measured)")
            .andStandard();

    private PostgreSqlFaults() {}
}

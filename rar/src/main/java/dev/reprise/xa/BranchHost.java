// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import java.time.Duration;

/** What a transaction needs of the managed connection that it runs on. Thread-safe. */
public interface BranchHost {

    PhysicalConnection physical();

    /** Puts a new physical connection in the place of a lost one that no transaction had used. */
    PhysicalConnection replace() throws SQLException;

    /** The physical connection is lost, for this reason; it is not used again. */
    void lost(PhysicalConnection connection, SQLException reason);

    /** Cuts the physical connection without waiting for any lock, so that nobody can go on in its session. */
    void sever(PhysicalConnection connection, SQLException reason);

    /** A second connection to the same server, for one errand; the caller gives it back by {@link #release}. */
    PhysicalConnection control() throws SQLException;

    void release(PhysicalConnection control);

    /** How long a call that controls a transaction may wait for an answer. */
    Duration controlTimeout();

    /** A second failure that nobody is told about otherwise: it goes to the log. */
    void secondary(String attempt, Exception failure);
}

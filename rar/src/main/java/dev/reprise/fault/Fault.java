// SPDX-License-Identifier: Apache-2.0
package dev.reprise.fault;

/** What an {@link java.sql.SQLException} says has been lost. */
public enum Fault {
    /** Nothing but the statement. */
    STATEMENT,
    /** The database has undone the transaction; the connection is fine. */
    TRANSACTION,
    /** The connection is dead, or of no more use; with it the transaction. */
    CONNECTION
}

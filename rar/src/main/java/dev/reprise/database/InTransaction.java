// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

/** What the server's last answer said of its session. */
public enum InTransaction {
    YES,
    NO,
    /** The driver does not tell. */
    UNKNOWN
}

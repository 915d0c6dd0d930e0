// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.SQLException;

/** The server answers, but has another role than when the session was opened: what it refused then and now differs. */
final class ChangedRole extends SQLException {

    private static final long serialVersionUID = 1L;

    ChangedRole(boolean readOnly) {
        super(readOnly ? "The server takes no more writes" : "The server takes writes now", "08006");
    }
}

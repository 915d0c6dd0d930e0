// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;

/** Lets a statement not take longer than its transaction may, and gives it back its own timeout afterwards. */
final class TransactionTime {

    /** The statement has its own timeout. */
    static final int UNCHANGED = -1;

    private TransactionTime() {}

    /** @return the statement's own timeout if it has another one now */
    static int impose(Statement statement, HandleOwner owner) throws SQLException {
        int left = owner.remainingSeconds();
        if (left == HandleOwner.NO_DEADLINE) {
            return UNCHANGED;
        }
        if (left <= 0) {
            throw new SQLTimeoutException("The transaction has no time left", "HYT00");
        }
        int own = statement.getQueryTimeout();
        if (own != 0 && own <= left) {
            return UNCHANGED;
        }
        statement.setQueryTimeout(left);
        return own;
    }

    static void lift(Statement statement, int own) throws SQLException {
        if (!statement.isClosed()) {
            statement.setQueryTimeout(own);
        }
    }
}

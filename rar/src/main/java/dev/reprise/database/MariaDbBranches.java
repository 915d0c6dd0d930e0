// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jspecify.annotations.Nullable;

/**
 * XA by statements of our own: END goes with what follows it, and no failure loses the server's answer (Connector/J has
 * the code 0 for most of them). A prepared branch has a lock with its name, by which others find its session.
 */
final class MariaDbBranches implements XAResource {

    private final MariaDb database;
    private final Connection connection;
    private @Nullable Xid active;

    MariaDbBranches(MariaDb database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        execute("xa start " + Xids.text(xid));
        active = xid;
    }

    @Override
    public void end(Xid xid, int flags) {
        // goes with what follows
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        String name = Xids.text(xid);
        execute("begin not atomic do get_lock('" + MariaDbSessions.lock(xid) + "', 0); xa end " + name + "; xa prepare "
                + name + "; end");
        active = null;
        return XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        String name = Xids.text(xid);
        if (onePhase) {
            execute("begin not atomic xa end " + name + "; xa commit " + name + " one phase; end");
            active = null;
            return;
        }
        try {
            execute("begin not atomic xa commit " + name + "; " + release(xid) + "; end");
        } catch (XAException e) {
            if (e.errorCode != XAException.XA_RBROLLBACK) {
                throw e;
            }
            forgetWhatWroteNothing(name);
        }
    }

    /**
     * The server rolls a prepared branch back by itself in one case only, and says so when it is to be committed: its
     * session has ended and it had written nothing (measured; trans_xa_detach in the server's sql/xa.cc).
     */
    private void forgetWhatWroteNothing(String name) throws XAException {
        try {
            execute("xa rollback " + name);
        } catch (XAException e) {
            if (e.errorCode != XAException.XAER_NOTA) {
                throw e;
            }
        }
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        String name = Xids.text(xid);
        if (active != null && Xids.same(active, xid)) {
            active = null;
            try {
                execute("begin not atomic xa end " + name + "; xa rollback " + name + "; " + release(xid) + "; end");
                return;
            } catch (XAException e) {
                if (e.errorCode == XAException.XAER_RMERR) {
                    throw e;
                }
                // it cannot be ended: the server has ended it, or has undone it, and says so now
            }
        }
        execute("begin not atomic xa rollback " + name + "; " + release(xid) + "; end");
    }

    private static String release(Xid xid) {
        return "do release_lock('" + MariaDbSessions.lock(xid) + "')";
    }

    private void execute(String sql) throws XAException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            var failure = new XAException(e.getMessage());
            failure.errorCode = MariaDb.xaCode(e);
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public Xid[] recover(int flags) throws XAException {
        try {
            return database.prepared(connection, this).toArray(Xid[]::new);
        } catch (SQLException e) {
            var failure = new XAException(e.getMessage());
            failure.errorCode = XAException.XAER_RMFAIL;
            failure.initCause(e);
            throw failure;
        }
    }

    @Override
    public void forget(Xid xid) {
        // nothing is kept
    }

    @Override
    public boolean isSameRM(XAResource other) {
        return this == other;
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * XA over an ordinary connection: BEGIN goes with the first statement, and a transaction that was aborted is not
 * reported as prepared or committed, as pgjdbc's own XAResource does. The names of branches are those of pgjdbc, so that
 * each finds what the other has left.
 */
final class PostgreSqlBranches implements XAResource {

    /** Fails in an aborted transaction, where COMMIT and PREPARE TRANSACTION answer OK and roll back. */
    private static final String PROBE = "select 1; ";

    private final Connection connection;

    PostgreSqlBranches(Connection connection) {
        this.connection = connection;
    }

    @FunctionalInterface
    private interface Call {
        void run() throws SQLException;
    }

    private static void call(Call call) throws XAException {
        try {
            call.run();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private static XAException failure(SQLException e) {
        var failure = new XAException(e.getMessage());
        failure.errorCode = code(String.valueOf(e.getSQLState()));
        failure.initCause(e);
        return failure;
    }

    private static int code(String state) {
        return switch (state) {
            case "42704" -> XAException.XAER_NOTA;
            case "25001" -> XAException.XAER_OUTSIDE;
            case "42710" -> XAException.XAER_DUPID;
            case "40001", "25P02" -> XAException.XA_RBROLLBACK;
            case "40P01" -> XAException.XA_RBDEADLOCK;
            default -> XAException.XAER_RMERR;
        };
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        call(() -> {
            if (!connection.getAutoCommit()) {
                throw new SQLException("The connection has a transaction of its own", "25001");
            }
            connection.setAutoCommit(false);
        });
    }

    @Override
    public void end(Xid xid, int flags) {
        // the server has no such thing
    }

    /** A standby prepares nothing; up to its last answer it has let nobody write. */
    @Override
    public int prepare(Xid xid) throws XAException {
        if (PostgreSql.isStandby(connection)) {
            commit(xid, true);
            return XA_RDONLY;
        }
        call(() -> {
            execute(PROBE + "prepare transaction '" + name(xid) + "'");
            connection.setAutoCommit(true);
        });
        return XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        call(() -> {
            if (onePhase) {
                execute(PROBE + "commit");
                connection.setAutoCommit(true);
            } else {
                execute("commit prepared '" + name(xid) + "'");
            }
        });
    }

    /** Of the transaction that this session has open; of a prepared one if it has none. */
    @Override
    public void rollback(Xid xid) throws XAException {
        call(() -> {
            if (connection.getAutoCommit()) {
                execute("rollback prepared '" + name(xid) + "'");
            } else {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        });
    }

    @Override
    public Xid[] recover(int flags) throws XAException {
        List<Xid> xids = new ArrayList<>();
        call(() -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select gid from pg_prepared_xacts where database = current_database()")) {
                while (row.next()) {
                    xid(row.getString(1)).ifPresent(xids::add);
                }
            }
        });
        return xids.toArray(Xid[]::new);
    }

    static String name(Xid xid) {
        Base64.Encoder base64 = Base64.getEncoder();
        return xid.getFormatId() + "_" + base64.encodeToString(xid.getGlobalTransactionId()) + "_"
                + base64.encodeToString(xid.getBranchQualifier());
    }

    /** Empty for the name of somebody else's transaction. */
    static Optional<Xid> xid(String name) {
        String[] parts = name.split("_", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            byte[] global = Base64.getDecoder().decode(parts[1].getBytes(StandardCharsets.US_ASCII));
            byte[] branch = Base64.getDecoder().decode(parts[2].getBytes(StandardCharsets.US_ASCII));
            return Optional.of(new RecoveredXid(Integer.parseInt(parts[0]), global, branch));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
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

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.jdbc.SessionState.Attribute;
import dev.reprise.jdbc.StatementRules.Tracking;
import dev.reprise.replay.Part;
import dev.reprise.replay.Recording;
import dev.reprise.replay.RowReader;
import java.sql.CallableStatement;
import java.sql.ClientInfoStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The application's end of a managed connection. Not thread-safe, as JDBC connections are not; but
 * {@link #invalidate} and {@link #abort} may be called by any thread, and every later call on the handle and on what was
 * made by it fails then, in all threads.
 */
public sealed class ConnectionHandle extends GuardedConnection<Connection> permits RecordedHandle {

    /** How rows are read again. */
    public static final RowReader ROWS = new RowMethods();

    private final StatementRules rules;
    private final @Nullable OpenStatements statements;
    private final Association association;

    /** A handle stays with one data source: all that own it record, or none does. */
    public static ConnectionHandle of(Connection first, HandleOwner owner, JoinedTransactions transactions) {
        return owner.records()
                ? new RecordedHandle(first, owner, transactions)
                : new ConnectionHandle(first, owner, transactions);
    }

    ConnectionHandle(Connection first, HandleOwner owner, JoinedTransactions transactions) {
        super(first, null);
        this.association = new Association(this, owner, transactions);
        this.rules = owner.statements();
        this.statements =
                rules.tracking() == Tracking.OFF ? null : new OpenStatements(rules.tracking() == Tracking.WARN);
    }

    /** The handle goes on with another physical connection; what was made before stays behind and is of no more use. */
    public void associate(HandleOwner newOwner) {
        association.associate(newOwner);
    }

    /** Counts the physical connections that it has had. */
    int association() {
        return association.count();
    }

    /**
     * The handle is of no more use, unless it has another owner by now, or goes back to its own: it may have been with this
     * one for a transaction. What it left open stays so until {@link #closeLeftOpen}.
     *
     * @return whether it was with this owner
     */
    public boolean invalidate(HandleOwner by) {
        return association.invalidate(by);
    }

    /** See {@link Association#part}. */
    Part part(Recording recording, int madeAt) {
        return association.part(recording, madeAt);
    }

    /** Whose connection it works on; null if it is closed. */
    @Nullable HandleOwner current() {
        return association.owner();
    }

    /** Whose connection it works on in the calling thread's transaction: from now on, if it was another. */
    @Override
    HandleOwner owner() throws SQLException {
        return association.present();
    }

    /** Whether what is done with it may be recorded. */
    boolean records() {
        return false;
    }

    /** Null if nothing is recorded, also where the handle was closed meanwhile. */
    @Nullable Recording currentRecording() {
        return null;
    }

    boolean makesGood(SQLException e) throws SQLException {
        HandleOwner current = current();
        return current != null && current.makesGood(e);
    }

    SQLException failed(SQLException e, boolean mayHaveCommitted) {
        HandleOwner current = current();
        return current == null ? e : current.failed(e, mayHaveCommitted);
    }

    @Override
    Connection delegate() throws SQLException {
        return owner().physical();
    }

    StatementRules rules() {
        return rules;
    }

    @Override
    @Nullable Statement guard(@Nullable Statement statement) throws SQLException {
        return statement == null ? null : listed(made(new GuardedStatement<>(limited(statement), this)));
    }

    @Override
    PreparedStatement guard(PreparedStatement statement) throws SQLException {
        return listed(super.guard(limited(statement)));
    }

    @Override
    CallableStatement guard(CallableStatement statement) throws SQLException {
        return listed(super.guard(limited(statement)));
    }

    <S extends Statement> S limited(S statement) throws SQLException {
        if (rules.queryTimeoutSeconds() > 0) {
            statement.setQueryTimeout(rules.queryTimeoutSeconds());
        }
        return statement;
    }

    private <S extends Statement> S listed(S statement) {
        if (statements != null) {
            statements.add(statement);
        }
        return statement;
    }

    void forget(Statement statement) {
        if (statements != null) {
            statements.remove(statement);
        }
    }

    @Override
    public boolean isClosed() {
        return current() == null;
    }

    /** Closes the statements that were left open, too. Closing what is closed does nothing. */
    @Override
    public void close() {
        HandleOwner current = current();
        if (current != null) {
            LeftOpen left = closeLeftOpen();
            left.failures().forEach(each -> current.failed(each, false));
            HandleOwner own = association.close();
            if (own != null) {
                own.closed(this, left);
            }
        }
    }

    /** Of a handle that was not closed and is invalid now: to be called when no call is under way. */
    public LeftOpen closeLeftOpen() {
        return statements == null ? LeftOpen.NONE : statements.close();
    }

    @Override
    public void abort(Executor executor) {
        HandleOwner current = current();
        if (current != null) {
            current.abort();
        }
    }

    /** A request is the time between two returns, and the container's affair: the application's own calls do nothing. */
    @Override
    public void beginRequest() throws SQLException {
        owner();
    }

    @Override
    public void endRequest() throws SQLException {
        owner();
    }

    /** Inside a container's transaction the server is not asked: an answer could hide that the transaction is lost. */
    @Override
    public boolean isValid(int timeoutSeconds) throws SQLException {
        if (timeoutSeconds < 0) {
            throw new SQLException("isValid(" + timeoutSeconds + "): allowed are zero or more seconds", "22023");
        }
        if (isClosed()) {
            return false;
        }
        try {
            HandleOwner current = owner();
            Connection connection = current.physical();
            return current.inManagedTransaction()
                    || answers(connection, timeoutSeconds == 0 ? seconds(current.patienceMillis()) : timeoutSeconds);
        } catch (SQLException e) {
            return false; // it was lost earlier, and this is what the caller asks
        }
    }

    private static int seconds(int millis) {
        return Math.max(1, millis / 1_000);
    }

    private boolean answers(Connection connection, int timeoutSeconds) {
        try {
            if (connection.isValid(timeoutSeconds)) {
                return true;
            }
            failed(new SQLException("The connection did not answer", "08006"), false);
        } catch (SQLException e) {
            failed(e, false);
        }
        return false;
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return !owner().inManagedTransaction() && super.getAutoCommit();
    }

    /** In a container's transaction auto-commit is off, and cannot be switched on (JTA 2.0, 3.4.7). */
    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        HandleOwner current = owner();
        if (current.inManagedTransaction()) {
            if (autoCommit) {
                throw refused("setAutoCommit(true)");
            }
            return;
        }
        remember(Attribute.AUTO_COMMIT);
        run(autoCommit, connection -> connection.setAutoCommit(autoCommit));
        current.session().autoCommit(autoCommit);
    }

    @Override
    public void commit() throws SQLException {
        refuseInManagedTransaction("commit()");
        run(true, Connection::commit);
    }

    @Override
    public void rollback() throws SQLException {
        refuseInManagedTransaction("rollback()");
        run(false, Connection::rollback);
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        refuseSavepoints();
        super.rollback(savepoint);
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        refuseSavepoints();
        return guarded(super.setSavepoint());
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        refuseSavepoints();
        return guarded(super.setSavepoint(name));
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        refuseSavepoints();
        super.releaseSavepoint(savepoint);
    }

    private Savepoint guarded(Savepoint given) {
        var guarded = new GuardedSavepoint(given);
        Recording recording = currentRecording();
        if (recording != null) {
            recording.made(guarded, given);
        }
        return guarded;
    }

    private void refuseInManagedTransaction(String call) throws SQLException {
        if (owner().inManagedTransaction()) {
            throw refused(call);
        }
    }

    private static SQLException refused(String call) {
        return new SQLException(call + ": the container controls this transaction; end it there", "25000");
    }

    private void refuseSavepoints() throws SQLException {
        if (!owner().savepointsAllowed()) {
            throw new SQLException("Savepoints are not allowed in an XA transaction", "25000");
        }
    }

    /** A call begins that may ask the server, with {@link #liftPatience} at its end. */
    boolean imposePatience(Connection connection) throws SQLException {
        try {
            return Patience.impose(connection, owner());
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** What the call gave stands. */
    void liftPatience(Connection connection, boolean imposed) {
        if (imposed) {
            try {
                Patience.lift(connection);
            } catch (SQLException e) {
                failed(e, false);
            }
        }
    }

    @FunctionalInterface
    private interface Call {
        void on(Connection connection) throws SQLException;
    }

    private void patiently(Connection connection, Call call) throws SQLException {
        boolean imposed = Patience.impose(connection, owner());
        try {
            call.on(connection);
        } finally {
            liftPatience(connection, imposed);
        }
    }

    private void run(boolean mayCommit, Call call) throws SQLException {
        HandleOwner current = enter();
        try {
            Connection connection = current.physical();
            boolean imposed = imposePatience(connection);
            try {
                call.on(connection);
            } catch (SQLException e) {
                throw current.failed(e, mayCommit);
            } finally {
                liftPatience(connection, imposed);
            }
        } finally {
            current.exit();
        }
    }

    private void remember(Attribute attribute) throws SQLException {
        currentRecording(); // begins before the change, which is a part of it
        SessionState session = owner().session();
        Connection connection = delegate();
        try {
            if (attribute == Attribute.NETWORK_TIMEOUT) {
                session.remember(attribute, connection); // as it is without ours
            } else {
                patiently(connection, each -> session.remember(attribute, each));
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        remember(Attribute.TRANSACTION_ISOLATION);
        super.setTransactionIsolation(level);
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        remember(Attribute.READ_ONLY);
        super.setReadOnly(readOnly);
    }

    @Override
    public void setCatalog(String catalog) throws SQLException {
        remember(Attribute.CATALOG);
        super.setCatalog(catalog);
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        remember(Attribute.SCHEMA);
        super.setSchema(schema);
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        remember(Attribute.HOLDABILITY);
        super.setHoldability(holdability);
    }

    @Override
    public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
        remember(Attribute.NETWORK_TIMEOUT);
        super.setNetworkTimeout(executor, milliseconds);
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        remember(Attribute.TYPE_MAP);
        super.setTypeMap(map);
    }

    @Override
    public void setClientInfo(String name, String value) throws SQLClientInfoException {
        clientInfo(connection -> connection.setClientInfo(name, value));
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        clientInfo(connection -> connection.setClientInfo(properties));
    }

    private void clientInfo(Call change) throws SQLClientInfoException {
        try {
            remember(Attribute.CLIENT_INFO);
            taint("setClientInfo");
            patiently(delegate(), change);
        } catch (SQLClientInfoException e) {
            failed(e, false);
            throw e;
        } catch (SQLException e) {
            throw new SQLClientInfoException(
                    e.getMessage(), e.getSQLState(), e.getErrorCode(), Map.<String, ClientInfoStatus>of(), e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Commit;
import dev.reprise.database.Outcome;
import dev.reprise.database.PhysicalConnection;
import dev.reprise.database.Search;
import dev.reprise.database.Session;
import dev.reprise.database.Unrepeatable;
import dev.reprise.database.Xids;
import dev.reprise.jdbc.StatementRules;
import dev.reprise.xa.BranchHost;
import dev.reprise.xa.LostSessions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.transaction.xa.Xid;

/** The physical connection that a managed connection has at the moment. Thread-safe. */
final class PhysicalHolder implements BranchHost {

    private final PhysicalConnections connections;
    private final Credentials credentials;
    private final Occupation occupation = new Occupation();
    private volatile PhysicalConnection physical;
    private volatile boolean closed;
    private volatile Optional<String> peculiarity = Optional.empty();
    private volatile Move move = () -> {};
    private volatile BooleanSupplier idle = () -> false;

    /** What is done before another session takes the place of the lost one. */
    @FunctionalInterface
    interface Move {
        /** @throws SQLException if that would not be the same to the application */
        void begin() throws SQLException;
    }

    PhysicalHolder(PhysicalConnections connections, Credentials credentials) throws SQLException {
        this.connections = connections;
        this.credentials = credentials;
        this.physical = connections.openGuarded(credentials);
        connections.add(this);
        connections.keepalive().add(this);
    }

    /** A local transaction has begun. */
    void local() {
        connections.local(physical);
    }

    boolean requiresTransaction() {
        return connections.settings().transactionRequired();
    }

    /** @param newIdle whether neither an application nor a transaction uses it */
    void idleWhile(BooleanSupplier newIdle) {
        idle = newIdle;
    }

    boolean isIdle() {
        return idle.getAsBoolean();
    }

    void beforeReplacing(Move newMove) {
        move = newMove;
    }

    Credentials credentials() {
        return credentials;
    }

    @Override
    public PhysicalConnection physical() {
        if (!occupation.use(patience())) {
            connections.sever(physical, new SQLException("The connection did not answer while it was idle", "08006"));
        }
        return physical;
    }

    @Override
    public PhysicalConnection replace() throws SQLException {
        move.begin();
        PhysicalConnection fresh = another();
        try {
            take(fresh);
        } catch (SQLException e) {
            connections.close(fresh);
            throw e;
        }
        return fresh;
    }

    PhysicalConnection another() throws SQLException {
        return connections.openGuarded(credentials);
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * In the place of the one that it has.
     *
     * @throws SQLException if it is closed by now
     */
    synchronized void take(PhysicalConnection fresh) throws SQLException {
        if (closed) {
            throw new SQLException("The managed connection was closed", "08003");
        }
        PhysicalConnection old = physical;
        physical = fresh;
        peculiarity = Optional.empty();
        connections.close(old);
    }

    Replaying replaying() {
        return connections.settings().replaying();
    }

    ReplayCounts replayCounts() {
        return connections.replayCounts();
    }

    Optional<Unrepeatable> reasonAgainstRepeating(String sql) {
        return connections.repeatable().reasonAgainst(sql);
    }

    /** The session may not be as new ones are, from now on. */
    void peculiar(String why) {
        if (peculiarity.isEmpty()) {
            peculiarity = Optional.of(why);
        }
    }

    Optional<String> peculiarity() {
        return peculiarity;
    }

    @Override
    public void notStarted(SQLException reason) {
        Allocation.notStarted(reason);
    }

    @Override
    public void lost(PhysicalConnection connection, SQLException reason) {
        connections.lost(connection, reason);
    }

    /** The server is asked whether it is what it was, before a connection is handed out again. */
    void doubt(PhysicalConnection connection) {
        connections.doubt(connection);
    }

    @Override
    public void sever(PhysicalConnection connection, SQLException reason) {
        connections.sever(connection, reason);
    }

    @Override
    public PhysicalConnection control() throws SQLException {
        return connections.open(credentials);
    }

    @Override
    public PhysicalConnection control(PhysicalConnection lost) throws SQLException {
        return connections.openWhere(lost.session(), credentials);
    }

    @Override
    public void release(PhysicalConnection control) {
        connections.close(control);
    }

    @Override
    public Duration controlTimeout() {
        return connections.settings().controlTimeout();
    }

    @Override
    public Duration guardTimeout() {
        return connections.settings().guarding().timeout();
    }

    @Override
    public boolean failoverIsFenced() {
        return connections.settings().guarding().failoverFenced();
    }

    @Override
    public void searchLater(String transaction, Search search, PhysicalConnection lost) {
        if (search.isHopeless()) {
            return;
        }
        var sessions = new LostSessions(this);
        connections.openOutcomes().search(transaction, search instanceof Commit, () -> sessions.attempt(search, lost));
    }

    @Override
    public Optional<Outcome> foundLater(Xid xid) {
        return connections.openOutcomes().found(Xids.text(xid));
    }

    @Override
    public void prepared(Xid xid, PhysicalConnection connection) {
        connections.prepared().put(Xids.text(xid), connection);
    }

    @Override
    public void completed(Xid xid) {
        connections.prepared().remove(Xids.text(xid));
    }

    @Override
    public boolean isInGoodHands(Xid xid) {
        return connections
                .prepared()
                .get(Xids.text(xid))
                .filter(preparer -> !preparer.isLost())
                .isPresent();
    }

    /** Of a branch that another run of this server has prepared it is not known where; then any primary is believed. */
    @Override
    public boolean wouldHave(Xid xid, Session session) {
        Optional<Session> preparer = connections.prepared().get(Xids.text(xid)).map(PhysicalConnection::session);
        return !session.readOnly()
                && preparer.map(then -> then.server().isEmpty() || session.continues(then))
                        .orElse(true);
    }

    @Override
    public void secondary(String attempt, Exception failure) {
        LOG.secondary(attempt, failure);
    }

    StatementRules statements() {
        return connections.settings().sessions().statements();
    }

    /** Nothing unless it is configured; in no transaction. */
    void beginAnew() throws SQLException {
        if (connections.setup().anew(physical)) {
            peculiarity = Optional.empty();
        }
    }

    /** For longer no answer is waited for. */
    private Duration patience() {
        return connections.settings().freshness().timeout().plusSeconds(1);
    }

    boolean admitted() {
        return occupation.use(patience()) && connections.admits(physical) && !closed;
    }

    boolean answers() {
        boolean used = occupation.isUsed();
        boolean answers = occupation.use(patience()) && !physical.isLost() && connections.answers(physical);
        if (!used) {
            occupation.pool();
        }
        return answers;
    }

    /** It can be asked in the background from now on, until it is used. */
    void pooled() {
        occupation.pool();
    }

    /** Asks the server if it has not answered for so long, and nobody has the connection. */
    void keepAlive(Duration silence) {
        if (connections.isOfUse(physical) && physical.isSilentFor(silence) && occupation.keepAlive()) {
            try {
                connections.answers(physical);
            } finally {
                occupation.keptAlive();
            }
        }
    }

    synchronized void close() {
        closed = true;
        connections.keepalive().remove(this);
        if (occupation.isKeptAlive()) {
            connections.sever(physical, new SQLException("closed", "08003"));
        }
        connections.remove(this);
        connections.close(physical);
    }
}

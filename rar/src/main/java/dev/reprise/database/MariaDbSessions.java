// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.transaction.xa.Xid;

/** Ends sessions, which are known by the locks that they hold: those are free once the session has ended and is undone. */
final class MariaDbSessions {

    private static final int NO_SUCH_THREAD = 1094;

    private MariaDbSessions() {}

    /** As {@link Database#fence}. */
    static boolean fence(Connection control, Session controlSession, Session victim, Duration timeout)
            throws SQLException {
        if (!controlSession.continues(victim)) {
            return false;
        }
        if (victim.mark().isEmpty()) {
            return gone(control, victim, timeout);
        }
        kill(control, victim.mark(), victim.id());
        // a restarted server has undone all before it answers, and its connection numbers have begun anew
        return unlocked(control, victim.mark(), timeout)
                && (!controlSession.sameRun(victim) || gone(control, victim, timeout));
    }

    /**
     * Connection numbers begin anew when the server does, so one is only killed while it holds the mark. What seems to
     * be a restart is looked at, too: it may be that only the server's clock was put right.
     */
    private static void kill(Connection control, String mark, long session) throws SQLException {
        if (holder(control, mark) != session) {
            return;
        }
        try (var statement = control.createStatement()) {
            statement.execute("kill connection " + session);
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_THREAD) {
                throw e;
            }
        }
    }

    /** The number of the session that has this lock; 0 if none has. */
    private static long holder(Connection control, String lock) throws SQLException {
        try (PreparedStatement holder = control.prepareStatement("select is_used_lock(?)")) {
            holder.setString(1, lock);
            try (ResultSet row = holder.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static boolean unlocked(Connection control, String mark, Duration timeout) throws SQLException {
        try (PreparedStatement lock = control.prepareStatement("select get_lock(?, ?) = 1 and release_lock(?) = 1")) {
            lock.setString(1, mark);
            lock.setDouble(2, timeout.toMillis() / 1000.0);
            lock.setString(3, mark);
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Only a session that does not answer is ended thus: its own application server would have gone on. */
    static void end(Connection connection, String holder, Duration timeout) throws SQLException {
        long session = holder(connection, holder);
        boolean held = session != 0 && session == holder(connection, holder); // and not only tried, by one like us
        if (held) {
            kill(connection, holder, session);
            unlocked(connection, holder, timeout);
        }
    }

    /** At most 64 characters, which is what the server allows. */
    static String lock(Xid xid) {
        return "reprise/" + UUID.nameUUIDFromBytes(Xids.text(xid).getBytes(StandardCharsets.US_ASCII));
    }

    /** A session can lose its mark (RELEASE_ALL_LOCKS) and live on: only its absence from the list says that it ended. */
    private static boolean gone(Connection control, Session victim, Duration timeout) throws SQLException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (PreparedStatement list = control.prepareStatement(
                "select count(*), sleep(if(count(*) = 0, 0, 0.02)) from information_schema.processlist where id = ?")) {
            list.setLong(1, victim.id());
            do {
                try (ResultSet row = list.executeQuery()) {
                    if (row.next() && row.getInt(1) == 0) {
                        return true;
                    }
                }
            } while (System.nanoTime() < deadline);
        }
        return false;
    }
}

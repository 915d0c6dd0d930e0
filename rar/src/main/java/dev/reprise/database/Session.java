// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

/**
 * What a server said of a session when it was opened. Enough to name the session to that server later, and to see
 * whether an answer comes from the same server, the same run of it, the same data and the same role.
 *
 * @param id the server's own number of the session; zero where the database has none
 * @param mark a name that only this session holds on the server; empty if it could not be had, then nothing may be
 *     concluded from its absence
 * @param server identifies the server, and the timeline of its data where the database has such; empty where it does
 *     not tell
 * @param startedAt when this run of the server began, in seconds of the server's clock; zero where it does not tell
 * @param position how far the server's durable log had grown; zero where it does not tell
 * @param readOnly whether the server refused writes (a replica, or a demoted primary)
 * @param plain whether the server says that the session has come to it without encryption
 * @param withoutXa why it takes part in no XA transaction; empty if it does
 */
public record Session(
        long id,
        String mark,
        String server,
        long startedAt,
        long position,
        boolean readOnly,
        boolean plain,
        String withoutXa) {

    /** The server's clock and its uptime are read in whole seconds, so that two readings may differ by this. */
    private static final long CLOCK_SLACK_SECONDS = 2;

    /** A database that tells nothing of its sessions. */
    static final Session ANONYMOUS = new Session(0, "", "", 0, 0, false);

    /** Of which it is not known how it came. */
    public Session(long id, String mark, String server, long startedAt, long position, boolean readOnly) {
        this(id, mark, server, startedAt, position, readOnly, false, "");
    }

    /** Whether both were opened on the same run of the same server. */
    public boolean sameRun(Session other) {
        return server.equals(other.server) && Math.abs(startedAt - other.startedAt) <= CLOCK_SLACK_SECONDS;
    }

    /** Whether both were opened on the same run of the same server while it had the same role. */
    public boolean sameServer(Session other) {
        return sameRun(other) && readOnly == other.readOnly;
    }

    /**
     * Whether what was durable when the earlier one was opened is still there, as far as can be seen: the same server,
     * and its log has not become shorter, as that of an empty server or of a restored backup has.
     */
    public boolean continues(Session earlier) {
        return !server.isEmpty() && server.equals(earlier.server) && position >= earlier.position;
    }
}

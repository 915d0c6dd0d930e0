// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.replay.Part;
import dev.reprise.replay.Recording;
import dev.reprise.replay.Recordings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A result set that has been read in a transaction that is recorded, and what ends that. */
class RecordedRowsTest {

    private final Recordings recordings = new Recordings(100, 100_000);
    private H2 database;
    private ConnectionHandle handle;
    private Recording recording;
    private ResultSet rows;

    @BeforeEach
    void readOneRow() throws SQLException {
        database = new H2();
        database.owner.records = true;
        begin();
        handle = handle();
        rows = read(handle);
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    private void begin() {
        recording = recordings.begin();
        database.owner.recording = recording;
    }

    private ConnectionHandle handle() {
        return ConnectionHandle.of(database.physical, database.owner, new NoTransactions());
    }

    private static ResultSet read(ConnectionHandle by) throws SQLException {
        ResultSet read = by.createStatement().executeQuery("select id, balance from account order by id");
        assertThat(read.next()).isTrue();
        assertThat(read.getInt(1)).isOne();
        return read;
    }

    private void assertRefused() {
        for (ThrowingCallable call : new ThrowingCallable[] {() -> rows.getInt(2), () -> rows.next()}) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(call)
                    .matches(e -> "08003".equals(e.getSQLState()), "08003");
        }
    }

    private void assertRead() throws SQLException {
        assertThat(rows.getInt(2)).isEqualTo(100);
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(2)).isEqualTo(200);
    }

    @Test
    void itsHandleWasClosed() {
        handle.close();
        assertRefused();
    }

    @Test
    void itsHandleWasInvalidated() {
        handle.invalidate(database.owner);
        assertRefused();
    }

    @Test
    void itsHandleHasAnotherConnection() {
        handle.associate(new StubOwner(database.physical));
        assertRefused();
    }

    @Test
    void anotherHandleOfTheSameRecordingIsNobodysEnd() throws SQLException {
        ConnectionHandle other = handle();
        ResultSet others = read(other);
        other.close();
        assertRead();
        assertThat(recording.taint()).isEmpty();
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> others.getInt(1));
    }

    /** Goes on, and is recorded nowhere. */
    @Test
    void theRecordingWasTainted() throws SQLException {
        Part part = handle.part(recording, handle.association());
        var told = new AtomicBoolean();
        part.join(() -> told.set(true));
        assertThat(part.goesOn()).isTrue();
        recording.taint("a test");
        assertThat(part.goesOn()).isFalse();
        assertThat(told).isTrue();
        assertRead();
        assertThat(recording.taint()).contains("a test");
    }

    /** What it has been recorded in belongs to the next one. */
    @Test
    void theNextTransactionHasBegun() throws SQLException {
        recordings.end();
        begin();
        ResultSet next = read(handle);
        assertThat(recording.taint()).isEmpty();
        assertRead();
        assertThat(recording.taint())
                .hasValueSatisfying(reason -> assertThat(reason).contains("older"));
        assertThat(next.getInt(2)).isEqualTo(100);
    }

    /** By another thread, while this one takes part anew. */
    @Test
    void aRecordingThatIsOverGivesNoPart() {
        recordings.end();
        assertThat(recording.part().goesOn()).isFalse();
    }

    /** By another thread, between taking part and joining. */
    @Test
    void whoComesTooLateIsToldAtOnce() {
        Part part = recording.part();
        recordings.end();
        var told = new AtomicBoolean();
        part.join(() -> told.set(true));
        assertThat(told).isTrue();
    }
}

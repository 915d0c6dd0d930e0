// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTest {

    private static final Session SESSION = new Session(1, "mark", "db/3306/1", 1_000_000, 50, false);

    private static Session on(String server, long startedAt, boolean readOnly) {
        return new Session(2, "other", server, startedAt, 50, readOnly);
    }

    @Test
    void twoSessionsOfOneRun() {
        assertThat(SESSION.sameRun(on("db/3306/1", 1_000_000, false))).isTrue();
        assertThat(SESSION.sameServer(on("db/3306/1", 1_000_000, false))).isTrue();
    }

    @Test
    void theClockAndTheUptimeOfAServerAreReadInWholeSeconds() {
        assertThat(SESSION.sameRun(on("db/3306/1", 1_000_002, false))).isTrue();
        assertThat(SESSION.sameRun(on("db/3306/1", 999_998, false))).isTrue();
        assertThat(SESSION.sameRun(on("db/3306/1", 1_000_003, false))).isFalse();
        assertThat(SESSION.sameRun(on("db/3306/1", 999_997, false))).isFalse();
    }

    @Test
    void anotherServerIsAnotherRun() {
        assertThat(SESSION.sameRun(on("db/3307/1", 1_000_000, false))).isFalse();
    }

    @Test
    void aServerThatBecameAReplicaIsTheSameRunButNotTheSameServer() {
        assertThat(SESSION.sameRun(on("db/3306/1", 1_000_000, true))).isTrue();
        assertThat(SESSION.sameServer(on("db/3306/1", 1_000_000, true))).isFalse();
    }

    @Test
    void sessionsThatNothingIsKnownOfAreNotTakenForDifferentServers() {
        assertThat(Session.ANONYMOUS.sameServer(Session.ANONYMOUS)).isTrue();
    }

    @Test
    void theDataGoesOnWhereItWas() {
        assertThat(SESSION.continues(SESSION)).isTrue();
        assertThat(new Session(2, "other", "db/3306/1", 2_000_000, 51, false).continues(SESSION))
                .isTrue();
    }

    @Test
    void aLogThatBecameShorterIsNotThatOfTheSameData() {
        assertThat(new Session(2, "other", "db/3306/1", 1_000_000, 49, false).continues(SESSION))
                .isFalse();
        assertThat(new Session(2, "other", "db/3307/1", 1_000_000, 51, false).continues(SESSION))
                .isFalse();
    }

    @Test
    void aServerThatTellsNothingGoesOnWithNothing() {
        assertThat(Session.ANONYMOUS.continues(Session.ANONYMOUS)).isFalse();
    }
}

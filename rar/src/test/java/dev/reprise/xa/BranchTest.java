// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.xa.Branch.State.ACTIVE;
import static dev.reprise.xa.Branch.State.COMPLETING;
import static dev.reprise.xa.Branch.State.ENDED;
import static dev.reprise.xa.Branch.State.NONE;
import static dev.reprise.xa.Branch.State.PREPARED;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BranchTest {

    private static final BranchId XID = BranchId.of("one");

    private final Branch branch = new Branch();

    @Test
    void oneBranchAtATime() {
        assertThat(branch.begin(XID)).isTrue();

        assertThat(branch.begin(BranchId.of("two"))).isFalse();

        assertThat(branch.is(XID)).isTrue();
        assertThat(branch.state()).isEqualTo(ACTIVE);
    }

    @Test
    void anXidIsRecognizedInAnotherClass() {
        branch.begin(XID);

        assertThat(branch.is(new BranchId("one", "1", BranchId.FORMAT))).isTrue();
        assertThat(branch.is(new BranchId("one", "2", BranchId.FORMAT))).isFalse();
        assertThat(branch.is(new BranchId("one", "1", BranchId.FORMAT + 1))).isFalse();
    }

    @Test
    void movesOnlyFromTheStatesThatAreNamed() {
        branch.begin(XID);

        assertThat(branch.move(PREPARED, ENDED, COMPLETING)).isFalse();
        assertThat(branch.state()).isEqualTo(ACTIVE);
        assertThat(branch.move(ENDED, COMPLETING, ACTIVE)).isTrue();
        assertThat(branch.state()).isEqualTo(ENDED);
    }

    @Test
    void theFirstReasonToUndoStays() {
        var first = new SQLException("first");
        branch.begin(XID);

        branch.undo(first);
        branch.undo(new SQLException("second"));

        assertThat((Throwable) branch.undone()).isSameAs(first);
    }

    @Test
    void nothingIsToBeUndoneWhereNoBranchIs() {
        branch.undo(new SQLException("of a statement in auto-commit mode"));

        branch.begin(XID);

        assertThat((Throwable) branch.undone()).isNull();
    }

    @Test
    void theReasonToUndoEndsWithItsBranch() {
        branch.begin(XID);
        branch.undo(new SQLException("first"));
        branch.finish();

        branch.begin(BranchId.of("two"));

        assertThat((Throwable) branch.undone()).isNull();
    }

    @Test
    void remembersTheBranchThatItRolledBackWhileItHasAnother() {
        branch.begin(XID);
        branch.finishRolledBack();

        branch.begin(BranchId.of("two"));

        assertThat(branch.wasRolledBack(XID)).isTrue();
        assertThat(branch.wasRolledBack(BranchId.of("two"))).isFalse();
    }

    @Test
    void anXidThatIsStartedAgainAfterItsRollbackCountsAsNew() {
        branch.begin(XID);
        branch.finishRolledBack();

        branch.begin(XID);

        assertThat(branch.wasRolledBack(XID)).isFalse();
    }

    @Test
    void aLocalTransactionHasNoXid() {
        branch.begin(null);

        assertThat(branch.isXa()).isFalse();
        assertThat(branch.is(XID)).isFalse();
        assertThat(branch.complete()).isTrue();
        assertThat(branch.state()).isEqualTo(COMPLETING);
    }

    @Test
    void anXaBranchIsNotCompletedAsALocalTransaction() {
        branch.begin(XID);

        assertThat(branch.complete()).isFalse();
        assertThat(branch.state()).isEqualTo(ACTIVE);
    }

    @Test
    void isNotAbandonedByTheThreadThatStartedIt() {
        branch.begin(XID);

        assertThat(branch.abandon()).isFalse();
        assertThat(branch.abandoned()).isFalse();
    }

    @Test
    void staysAbandonedByAnotherThreadUntilTheConnectionIsUsedAnew() {
        branch.begin(XID);

        assertThat(CompletableFuture.supplyAsync(branch::abandon).join()).isTrue();

        branch.finishRolledBack();
        assertThat(branch.abandoned()).isTrue();
        branch.reset();
        assertThat(branch.abandoned()).isFalse();
        assertThat(branch.state()).isEqualTo(NONE);
    }

    @Test
    void itsTimeBeginsWithItAndEndsWithIt() {
        branch.begin(XID);
        assertThat(branch.timeLeft()).isEmpty();
        assertThat(branch.atMost(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));

        branch.endsWithin(Duration.ofSeconds(20));

        assertThat(branch.timeLeft())
                .hasValueSatisfying(left -> assertThat(left).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20)));
        assertThat(branch.atMost(Duration.ofSeconds(30))).isLessThanOrEqualTo(Duration.ofSeconds(20));
        assertThat(branch.atMost(Duration.ofSeconds(3))).isEqualTo(Duration.ofSeconds(3));
        branch.finish();
        assertThat(branch.timeLeft()).isEmpty();
    }

    @Test
    void anAnswerIsWaitedForAlsoWhenItsTimeIsOver() {
        branch.begin(XID);

        branch.endsWithin(Duration.ZERO);

        assertThat(branch.timeLeft()).contains(Duration.ZERO);
        assertThat(branch.atMost(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(1));
        assertThat(branch.atMost(Duration.ofMillis(300))).isEqualTo(Duration.ofMillis(300));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static dev.reprise.xa.Branch.State.ACTIVE;
import static dev.reprise.xa.Branch.State.COMPLETING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call and the completion of its branch, at the same moment, as often as it takes to see them cross. */
@Timeout(60)
class BranchGateTest {

    private static final int ROUNDS = 200_000;

    private final CyclicBarrier together = new CyclicBarrier(2);
    private final Branch[] branches = new Branch[ROUNDS];
    private final boolean[] seenByCompletion = new boolean[ROUNDS];
    private final boolean[] letIn = new boolean[ROUNDS];

    @Test
    void noCallGetsThroughUnseenByTheCompletion() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            branches[i] = new Branch();
            branches[i].begin(BranchId.of("one"));
        }
        var application = CompletableFuture.runAsync(() -> eachRound(this::call));

        eachRound(this::complete);
        application.get(30, TimeUnit.SECONDS);

        int stopped = 0;
        for (int i = 0; i < ROUNDS; i++) {
            assertThat(letIn[i] && !seenByCompletion[i]).as("round " + i).isFalse();
            stopped += letIn[i] ? 0 : 1;
        }
        assertThat(stopped).as("rounds in which the completion was first").isPositive();
    }

    private interface Round {
        void run(int i);
    }

    private void eachRound(Round round) {
        for (int i = 0; i < ROUNDS; i++) {
            if (i % 100 == 0) {
                meet();
            }
            round.run(i);
        }
    }

    private void meet() {
        try {
            together.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private void call(int i) {
        branches[i].enter();
        letIn[i] = branches[i].state() == ACTIVE;
        if (!letIn[i]) {
            branches[i].exit();
        }
    }

    private void complete(int i) {
        branches[i].move(COMPLETING, ACTIVE);
        seenByCompletion[i] = branches[i].inFlight();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.database.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GenerationsTest {

    private static final Session PRIMARY = new Session(1, "mark", "one/3306/1", 1_000_000, 50, false);
    private static final int ROUNDS = 10_000;

    /** Two threads meet within the same nanoseconds now and then only, so they try for this long. */
    private static final Duration RACE = Duration.ofSeconds(2);

    private final List<Integer> cut = new ArrayList<>();
    private final Generations generations = new Generations(cut::add);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Session session(String server, long startedAt, boolean readOnly) {
        return new Session(2, "other", server, startedAt, 50, readOnly);
    }

    @Test
    void nothingIsProbedWhileAllIsSound() {
        assertThat(generations.electProbe(generations.current())).isFalse();
        assertThat(generations.isDiscarded(generations.current())).isFalse();
    }

    @Test
    void aLostConnectionMakesItsGenerationSuspectAndOneProbeDecides() {
        int generation = generations.current();
        generations.suspect(generation);
        assertThat(generations.isDiscarded(generation)).isFalse();
        assertThat(generations.electProbe(generation)).isTrue();
        assertThat(generations.electProbe(generation)).isFalse();
    }

    @Test
    void moreLossesDuringTheProbeElectNoOther() {
        int generation = generations.current();
        generations.suspect(generation);
        generations.electProbe(generation);
        generations.suspect(generation);
        assertThat(generations.electProbe(generation)).isFalse();
    }

    @Test
    void aSoundGenerationGoesOnAndCanBecomeSuspectAgain() {
        int generation = generations.current();
        generations.suspect(generation);
        generations.electProbe(generation);
        generations.sound(generation);
        assertThat(generations.isDiscarded(generation)).isFalse();
        assertThat(generations.electProbe(generation)).isFalse();
        generations.suspect(generation);
        assertThat(generations.electProbe(generation)).isTrue();
    }

    @Test
    void aDiscardedGenerationIsOverAndTheNextIsSound() {
        int first = generations.current();
        generations.suspect(first);
        generations.discard(first, "test");
        assertThat(generations.isDiscarded(first)).isTrue();
        assertThat(generations.current()).isEqualTo(first + 1);
        assertThat(generations.electProbe(first)).isFalse();
        assertThat(generations.electProbe(first + 1)).isFalse();
    }

    @Test
    void anIncidentDiscardsOnce() {
        int first = generations.current();
        generations.discard(first, "test");
        generations.discard(first, "test");
        assertThat(generations.current()).isEqualTo(first + 1);
    }

    @Test
    void whatIsHeardOfAnOlderGenerationDoesNotTouchTheCurrentOne() {
        int first = generations.current();
        generations.discard(first, "test");
        generations.opened(first, PRIMARY, true);
        generations.opened(first + 1, session("two/3306/2", 1, false), true);
        generations.suspect(first);
        assertThat(generations.electProbe(first + 1)).isFalse();
        assertThat(generations.current()).isEqualTo(first + 1);
        generations.suspect(first + 1);
        generations.sound(first);
        assertThat(generations.electProbe(first + 1)).isTrue();
    }

    @Test
    void theSameServerKeepsItsGeneration() {
        int generation = generations.current();
        generations.opened(generation, PRIMARY, true);
        generations.opened(generation, session("one/3306/1", 1_000_001, false), true);
        assertThat(generations.current()).isEqualTo(generation);
    }

    @Test
    void connectionsToTwoServersBehindOneAddressAreOfOneGeneration() {
        int generation = generations.current();
        generations.opened(generation, PRIMARY, true);
        generations.opened(generation, session("two/3306/2", 2_000_000, true), true);
        generations.opened(generation, PRIMARY, true);
        assertThat(generations.current()).isEqualTo(generation);
    }

    @Test
    void aRestartOrAnotherRoleEndsTheGeneration() {
        Stream.of(session("one/3306/1", 1_000_010, false), session("one/3306/1", 1_000_000, true))
                .forEach(other -> {
                    int generation = generations.current();
                    generations.opened(generation, PRIMARY, true);
                    generations.opened(generation, other, true);
                    assertThat(generations.isDiscarded(generation)).isTrue();
                });
    }

    @Test
    void ofManyThreadsOneIsElected() throws Exception {
        var elected = new AtomicInteger();
        inTwoThreads(
                each -> each.suspect(1),
                each -> elected.addAndGet(each.electProbe(1) ? 1 : 0),
                each -> elected.addAndGet(each.electProbe(1) ? 1 : 0));
        assertThat(elected).hasValue(ROUNDS);
    }

    @Test
    void aLossIsNotForgottenWhenAConnectionOpensAtThatMoment() throws Exception {
        long end = System.nanoTime() + RACE.toNanos();
        do {
            List<Generations> all =
                    inTwoThreads(each -> {}, each -> each.opened(1, PRIMARY, true), each -> each.suspect(1));
            assertThat(all.stream().filter(each -> !each.electProbe(1)).count()).isZero();
        } while (System.nanoTime() - end < 0);
    }

    @Test
    void aConnectionThatIsNotUsedSaysWhatHasBecomeOfTheServerAndNoMore() {
        generations.opened(1, session("one/3306/1", 1_000_000, true), false);
        generations.opened(1, PRIMARY, true);
        assertThat(cut).isEmpty();
        generations.opened(1, session("two/3306/1", 1_000_000, true), false);
        assertThat(cut).isEmpty();
        generations.opened(1, session("one/3306/1", 1_000_000, true), false);
        assertThat(cut).containsExactly(1);
    }

    @Test
    void itIsToldOnceThatAGenerationWasDiscarded() {
        generations.discard(1, "why");
        generations.discard(1, "why");
        generations.discard(2, "why");
        assertThat(cut).containsExactly(1, 2);
    }

    /** Both threads work on the same object at the same moment, many times. */
    private List<Generations> inTwoThreads(
            Consumer<Generations> first, Consumer<Generations> one, Consumer<Generations> other) throws Exception {
        List<Generations> all = Stream.generate(() -> new Generations(discarded -> {}))
                .limit(ROUNDS)
                .peek(first)
                .toList();
        var arrived = new AtomicInteger();
        Future<?> theirs = threads.submit(() -> inStep(all, arrived, other));
        inStep(all, arrived, one);
        theirs.get(60, TimeUnit.SECONDS);
        return all;
    }

    private static void inStep(List<Generations> all, AtomicInteger arrived, Consumer<Generations> step) {
        for (int round = 0; round < all.size(); round++) {
            arrived.incrementAndGet();
            for (int spins = 1; arrived.get() < 2 * (round + 1); spins++) {
                Thread.onSpinWait();
                if (spins % 10_000 == 0) {
                    LockSupport.parkNanos(1); // the other one may have no processor
                }
            }
            step.accept(all.get(round));
        }
    }
}

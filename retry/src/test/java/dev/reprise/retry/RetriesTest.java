// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final RetryPolicy POLICY =
            RetryPolicy.DEFAULT.withDelayMillis(100, 2, 1_000).withMaxDurationMillis(10_000);

    private final FakeTime time = new FakeTime();
    private final List<TransactionRetried> events = new ArrayList<>();
    private final Exception first = new Exception("first");
    private final Exception second = new Exception("second");
    private final Exception third = new Exception("third");

    @Test
    void returnsWhatTheFirstAttemptReturns() throws Exception {
        assertThat(run(POLICY, new Attempt.Returned<>("done"))).isEqualTo("done");
        assertThat(time.sleeps).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void triesAgainAfterGrowingDelaysAndTellsEachTime() throws Exception {
        assertThat(run(POLICY, again(first), again(second), new Attempt.Returned<>("done")))
                .isEqualTo("done");

        assertThat(time.sleeps).containsExactly(100L, 200L);
        assertThat(events)
                .containsExactly(
                        new TransactionRetried("Bank.transfer", 1, 3, 100, first),
                        new TransactionRetried("Bank.transfer", 2, 3, 200, second));
    }

    @Test
    void totalAttemptsAreOneMoreThanMaxRetriesAndTheLastFailureSuppressesTheOthers() {
        Throwable thrown =
                catchThrowable(() -> run(POLICY.withMaxRetries(2), again(first), again(second), again(third)));

        assertThat(thrown).isSameAs(third).hasSuppressedException(first).hasSuppressedException(second);
        assertThat(thrown.getSuppressed()).hasSize(2);
        assertThat(time.sleeps).hasSize(2);
    }

    @Test
    void maxRetriesZeroMeansOneAttempt() {
        assertThat(catchThrowable(() -> run(POLICY.withMaxRetries(0), again(first))))
                .isSameAs(first);
        assertThat(time.sleeps).isEmpty();
    }

    @Test
    void endsAtAFailureThatMustNotBeRepeated() {
        Error error = new AssertionError("not again");

        Throwable thrown = catchThrowable(() -> run(POLICY, again(first), new Attempt.Failed<>(error, false)));

        assertThat(thrown).isSameAs(error).hasSuppressedException(first);
    }

    @Test
    void theSameExceptionTwiceIsThrownOnce() {
        assertThat(catchThrowable(() -> run(POLICY.withMaxRetries(1), again(first), again(first))))
                .isSameAs(first);
        assertThat(first.getSuppressed()).isEmpty();
    }

    @Test
    void doesNotSleepPastTheDeadline() {
        Throwable thrown =
                catchThrowable(() -> run(POLICY.withMaxDurationMillis(299), again(first), again(second), again(third)));

        assertThat(thrown).isSameAs(second);
        assertThat(time.sleeps).containsExactly(100L);
    }

    @Test
    void theDeadlineItselfIsAllowed() throws Exception {
        assertThat(run(POLICY.withMaxDurationMillis(300), again(first), again(second), new Attempt.Returned<>("done")))
                .isEqualTo("done");
    }

    @Test
    void theTimeOfAttemptsCountsTowardsTheDeadline() {
        Retries retries = new Retries(POLICY, time.time(), events::add);

        Throwable thrown = catchThrowable(() -> retries.run("Bank.transfer", () -> {
            time.passMillis(9_950);
            return again(first);
        }));

        assertThat(thrown).isSameAs(first);
        assertThat(time.sleeps).isEmpty();
    }

    @Test
    void doesNotBeginAnAttemptAfterASleepThatTookTooLong() {
        Time slow = new Time(time.time().nanos(), millis -> time.passMillis(20_000), () -> 0.5);
        Callable<Attempt<String>> attempts = new Script(List.of(again(first), new Attempt.Returned<>("too late")));

        assertThat(catchThrowable(() -> new Retries(POLICY, slow, events::add).run("Bank.transfer", attempts)))
                .isSameAs(first);
        assertThat(events).isEmpty();
    }

    @Test
    void interruptionEndsItAndStaysVisible() {
        Thread.currentThread().interrupt();

        Throwable thrown = catchThrowable(() -> run(POLICY, again(first), new Attempt.Returned<>("no")));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isSameAs(first);
        assertThat(events).isEmpty();
    }

    @Test
    void anObserverThatFailsDoesNotDecide() throws Exception {
        Consumer<TransactionRetried> observer = event -> {
            throw new IllegalStateException("observer");
        };
        Retries retries = new Retries(POLICY, time.time(), observer);

        assertThat(retries.run("Bank.transfer", new Script(List.of(again(first), new Attempt.Returned<>("done")))))
                .isEqualTo("done");
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private final String run(RetryPolicy policy, Attempt<String>... attempts) throws Exception {
        return new Retries(policy, time.time(), events::add).run("Bank.transfer", new Script(List.of(attempts)));
    }

    private static Attempt<String> again(Throwable failure) {
        return new Attempt.Failed<>(failure, true);
    }

    /** Attempts as foretold; one too many fails the test. */
    private static final class Script implements Callable<Attempt<String>> {
        private final Deque<Attempt<String>> attempts;

        Script(List<Attempt<String>> attempts) {
            this.attempts = new ArrayDeque<>(attempts);
        }

        @Override
        public Attempt<String> call() {
            return attempts.removeFirst();
        }
    }
}

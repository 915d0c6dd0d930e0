// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs the clients and the faults, each again and again with a pause between. */
public final class Load implements AutoCloseable {

    private static final Duration LAST_ANSWER = Duration.ofSeconds(90);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(12, task -> {
        var thread = new Thread(task, "load");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Future<?>> running = new ArrayList<>();

    public void add(Runnable task, Duration pause) {
        running.add(threads.scheduleWithFixedDelay(task, 0, pause.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** @throws IllegalStateException if one of the tasks has failed and is therefore no longer run */
    public void check() {
        for (Future<?> task : running) {
            if (task.isDone() && !task.isCancelled()) {
                throw new IllegalStateException("A task failed", failure(task));
            }
        }
    }

    private static Throwable failure(Future<?> task) {
        try {
            task.get();
            throw new IllegalStateException("A task that is repeated cannot end by itself");
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e;
        }
    }

    /** Until {@link #close}, and no longer than so. */
    public void awaitEnd(Duration timeout) {
        try {
            threads.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins nothing more, and waits for what has begun. */
    public void stop() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_ANSWER.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

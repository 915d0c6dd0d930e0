// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The few threads that close connections and look for outcomes, so that nobody waits for them. They end with the adapter. */
final class Background implements Executor {

    private static final int THREADS = 2;
    private static final int WAITING = 10_000;
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor executor;
    private final ScheduledThreadPoolExecutor later;

    Background() {
        executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> daemon(task, "reprise-close"));
        executor.allowCoreThreadTimeOut(true);
        later = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "reprise-search"));
        later.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        later.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Not before so much time has passed; never after {@link #stop}. */
    void later(Duration delay, Runnable task) {
        try {
            var unused = later.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.secondary("going on with a search in the background: the adapter has stopped", e);
        }
    }

    /** Never waits. After {@link #stop} the task is run by the caller: the adapter must leave no thread behind. */
    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            if (executor.isShutdown()) {
                run(task);
            } else {
                LOG.secondary("closing a connection in the background: too many are waiting", e);
            }
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.secondary("a task in the background", e);
        }
    }

    boolean isStopped() {
        return later.isShutdown();
    }

    void stop() {
        executor.shutdown();
        later.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.awaitility.Awaitility.await;

import dev.reprise.wildfly.Told.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** They have {@link RetriedServlet} write one row after the other, whatever happens, and note what they are told. */
final class Clients implements AutoCloseable {

    /** Longer than the retry and the search for an outcome take. */
    private static final Duration ANSWER = Duration.ofMinutes(2);

    /** One may have begun before whatever was done to the databases, and one at the same time. */
    private static final int FURTHER = 3;

    /** @param dataSources JNDI names; one row is written on each */
    record Job(List<String> dataSources) {}

    /** @param why of the outcome, for the message of a failed test */
    record Answer(Job job, Outcome outcome, String why) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String address;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();
    private final List<AtomicInteger> acknowledged;
    private volatile boolean stopped;

    /** One for each job. */
    Clients(String address, List<Job> jobs) {
        this.address = address;
        this.acknowledged = jobs.stream().map(job -> new AtomicInteger()).toList();
        for (int i = 0; i < jobs.size(); i++) {
            Job job = jobs.get(i);
            AtomicInteger count = acknowledged.get(i);
            threads.execute(() -> work(job, count));
        }
    }

    private void work(Job job, AtomicInteger count) {
        while (!stopped) {
            int id = ids.incrementAndGet();
            Answer answer = ask(job, id);
            answers.put(id, answer);
            if (answer.outcome == Outcome.COMMITTED) {
                count.incrementAndGet();
            }
        }
    }

    private Answer ask(Job job, int id) {
        String uri = address + "?id=" + id + "&jndi=" + String.join("&jndi=", job.dataSources);
        var request = HttpRequest.newBuilder(URI.create(uri))
                .POST(HttpRequest.BodyPublishers.noBody())
                .timeout(ANSWER)
                .build();
        try {
            String body =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return new Answer(job, Outcome.valueOf(body.lines().findFirst().orElse("")), body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(job, Outcome.UNKNOWN, e.toString());
        } catch (IOException | IllegalArgumentException e) {
            stopped = true;
            return new Answer(job, Outcome.UNKNOWN, e.toString());
        }
    }

    /** Of each some that were begun from now on; says how long that took. */
    Duration awaitAcknowledged() {
        long began = System.nanoTime();
        int[] before = acknowledged.stream().mapToInt(AtomicInteger::get).toArray();
        await().atMost(ANSWER)
                .until(() -> stopped
                        || IntStream.range(0, before.length)
                                .allMatch(i -> acknowledged.get(i).get() >= before[i] + FURTHER));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Returns when nothing is under way any more; what was told, by the number of the row. */
    Map<Integer, Answer> stop() throws InterruptedException {
        stopped = true;
        threads.shutdown();
        if (!threads.awaitTermination(ANSWER.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("Somebody waits for longer than " + ANSWER);
        }
        return answers;
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }
}

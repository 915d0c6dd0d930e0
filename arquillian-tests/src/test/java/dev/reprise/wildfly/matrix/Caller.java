// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.wildfly.Told;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Talks to {@link MatrixServlet}. */
final class Caller {

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;

    Caller(int port) {
        address = "http://127.0.0.1:" + port + "/matrix/";
    }

    /** @param resources in the order in which they are enlisted */
    CompletableFuture<Account> run(List<Resource> resources, String key, Duration timeout, boolean rollback) {
        var form = new ArrayList<>(List.of("key", key, "seconds", String.valueOf(timeout.toSeconds())));
        form.addAll(List.of("rollback", String.valueOf(rollback)));
        for (Resource resource : resources) {
            form.addAll(List.of("jndi", resource.jndiName(), "table", resource.table()));
        }
        return post("run", form).thenApply(Caller::account);
    }

    private static Account account(String answer) {
        String[] words = answer.lines().findFirst().orElseThrow().split(" ", 2);
        return new Account(Told.Outcome.valueOf(words[0]), Duration.ofMillis(Long.parseLong(words[1])), answer);
    }

    /** Both passes of a recovery; how long they took. */
    CompletableFuture<Duration> scan() {
        long start = System.nanoTime();
        return post("scan", List.of()).thenApply(answer -> Duration.ofNanos(System.nanoTime() - start));
    }

    /** Uses all connections of the pool; empty if all of them work. */
    CompletableFuture<String> use(Resource resource) {
        return post("use", List.of("jndi", resource.jndiName(), "count", String.valueOf(Configuration.POOL_SIZE)));
    }

    private CompletableFuture<String> post(String path, List<String> form) {
        var body = new StringBuilder();
        for (int i = 0; i < form.size(); i += 2) {
            body.append(form.get(i))
                    .append('=')
                    .append(URLEncoder.encode(form.get(i + 1), StandardCharsets.UTF_8))
                    .append('&');
        }
        var request = HttpRequest.newBuilder(URI.create(address + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).thenApply(response -> {
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
            }
            return response.body();
        });
    }
}

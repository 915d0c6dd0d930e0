// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.client;

import dev.reprise.sample.Half;
import dev.reprise.sample.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bank over HTTP. Thread-safe.
 *
 * @param page of both banks; ends with a slash
 */
public record RemoteBank(HttpClient http, URI page, Half half) {

    private static final Pattern OUTCOME = Pattern.compile("\"outcome\":\"(\\w+)\"");
    private static final Pattern RETRIED = Pattern.compile("\"retried\":(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** @param text all of what the bank said */
    public record Answer(Outcome outcome, String text) {}

    /** @return what the bank says; empty if there is no answer */
    public Optional<Answer> transfer(int id, int from, int to, int cents) {
        String path = "api/%s/transfers/%d?from=%d&to=%d&amount=%d".formatted(half, id, from, to, cents);
        String text = send(HttpRequest.newBuilder(page.resolve(path)).POST(HttpRequest.BodyPublishers.noBody()));
        return told(text).map(outcome -> new Answer(outcome, text));
    }

    /** Empty if the answer does not say. */
    static Optional<Outcome> told(String answer) {
        Matcher matcher = OUTCOME.matcher(answer);
        if (matcher.find()) {
            for (Outcome outcome : Outcome.values()) {
                if (outcome.name().equals(matcher.group(1))) {
                    return Optional.of(outcome);
                }
            }
        }
        return Optional.empty();
    }

    /** How often the bank has run a transaction again; negative if it does not say just now. */
    public long retried() {
        Matcher matcher = RETRIED.matcher(
                send(HttpRequest.newBuilder(page.resolve("api/" + half)).GET()));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /** @return the body; empty if there was no answer, so that nothing can be read into it */
    private String send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}

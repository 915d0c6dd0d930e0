// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.Half;
import dev.reprise.sample.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One bank over HTTP. Thread-safe.
 *
 * @param page of both banks; ends with a slash
 */
record RemoteBank(HttpClient http, URI page, Half half) {

    private static final Pattern OUTCOME = Pattern.compile("\"outcome\":\"(\\w+)\"");
    private static final Pattern RETRIED = Pattern.compile("\"retried\":(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** @return what the bank says; unknown if there is no answer */
    Outcome transfer(int id, int from, int to, int cents) {
        String path = "api/%s/transfers/%d?from=%d&to=%d&amount=%d".formatted(half, id, from, to, cents);
        return told(send(HttpRequest.newBuilder(page.resolve(path)).POST(HttpRequest.BodyPublishers.noBody())));
    }

    /** Unknown if the answer does not say. */
    static Outcome told(String answer) {
        Matcher matcher = OUTCOME.matcher(answer);
        if (matcher.find()) {
            for (Outcome outcome : Outcome.values()) {
                if (outcome.name().equals(matcher.group(1))) {
                    return outcome;
                }
            }
        }
        return Outcome.UNKNOWN;
    }

    /** How often the bank has run a transaction again; negative if it does not say just now. */
    long retried() {
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

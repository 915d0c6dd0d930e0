// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.testsupport.Faults;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sample as its users meet it: over HTTP. */
class SampleIT {

    private static final Pattern RETRIED = Pattern.compile("\"retried\":(\\d+)");
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final long MONEY = 10 * 1000_00;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Faults faults = Link.REPRISE.faults();

    @BeforeAll
    static void deploy() {
        Stage.wildFly().deploy(Stage.deployment("reprise-ejb-sample.war"));
    }

    @AfterAll
    static void undeploy() {
        Stage.wildFly().undeploy("reprise-ejb-sample.war");
    }

    @BeforeEach
    void open() throws Exception {
        Link.healAll();
        faults.execute("delete from transfer");
        faults.execute("update account set balance = 100000");
    }

    @Test
    void pageShowsTheAccounts() throws Exception {
        HttpResponse<String> page = get("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("accounts");
        HttpResponse<String> view = get("api/reprise");
        assertThat(view.statusCode()).isEqualTo(200);
        assertThat(view.body()).contains("\"stored\":0").contains("\"10\":100000");
        assertThat(get("api/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void transferIsStoredOnce() throws Exception {
        assertAnswer(transfer("reprise", "one", 1, 2, 2500), 200, "{\"outcome\":\"COMMITTED\",\"why\":\"\"}");
        assertBalances(97_500, 102_500, 1);
        assertAnswer(
                transfer("reprise", "one", 1, 2, 2500),
                409,
                "{\"outcome\":\"DUPLICATE\",\"why\":\"transfer one is stored already\"}");
        assertBalances(97_500, 102_500, 1);
    }

    @Test
    void transferOnTheOtherDataSourceIsStored() throws Exception {
        assertAnswer(transfer("wildfly", "one", 1, 2, 2500), 200, "{\"outcome\":\"COMMITTED\",\"why\":\"\"}");
        assertBalances(97_500, 102_500, 1);
    }

    @Test
    void transferWithoutTheMoneyIsRefused() throws Exception {
        assertAnswer(
                transfer("reprise", "poor", 1, 2, 100_001),
                409,
                "{\"outcome\":\"ROLLED_BACK\",\"why\":\"account 1 does not exist or has too little money\"}");
        assertBalances(100_000, 100_000, 0);
    }

    @Test
    void transferToNowhereIsRefusedAsAWhole() throws Exception {
        assertThat(transfer("reprise", "lost", 1, 99, 2500).statusCode()).isEqualTo(409);
        assertBalances(100_000, 100_000, 0);
    }

    @Test
    void transferOfNothingIsABadRequest() throws Exception {
        assertThat(transfer("reprise", "zero", 1, 2, 0).statusCode()).isEqualTo(400);
        assertBalances(100_000, 100_000, 0);
    }

    @Test
    void transferWhoseConnectionIsCutIsRunAgain() throws Exception {
        long before = retried();
        faults.arm("update account", FaultKind.CUT_BEFORE);
        assertThat(transfer("reprise", "cut", 1, 2, 2500).statusCode()).isEqualTo(200);
        assertThat(faults.hits()).isOne();
        assertThat(retried()).isEqualTo(before + 1);
        assertBalances(97_500, 102_500, 1);
    }

    @Test
    void transferWhoseConnectionIsKilledIsRunAgain() throws Exception {
        long before = retried();
        faults.arm("update account", FaultKind.PAUSE_BEFORE);
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                post(transferPath("reprise", "killed", 1, 2, 2500)), HttpResponse.BodyHandlers.ofString());
        faults.awaitHits(1, BOUND);
        assertThat(faults.killConnections()).isPositive();
        faults.release();
        assertThat(answer.get(BOUND.toSeconds(), TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(retried()).isEqualTo(before + 1);
        assertBalances(97_500, 102_500, 1);
    }

    @Test
    void transferWhoseReplyOfTheCommitIsLostIsStoredOnce() throws Exception {
        long before = retried();
        faults.arm("xa commit", FaultKind.CUT_AFTER);
        assertAnswer(transfer("reprise", "lost-reply", 1, 2, 2500), 200, "{\"outcome\":\"COMMITTED\",\"why\":\"\"}");
        assertThat(faults.hits()).isOne();
        assertThat(retried()).isEqualTo(before);
        assertBalances(97_500, 102_500, 1);
    }

    @Test
    void depositIsStored() throws Exception {
        assertAnswer(deposit(1, 500), 200, "{\"outcome\":\"COMMITTED\",\"why\":\"balance 100500\"}");
        assertThat(balance(1)).isEqualTo(100_500);
        assertAnswer(deposit(99, 500), 409, "{\"outcome\":\"ROLLED_BACK\",\"why\":\"account 99 does not exist\"}");
    }

    @Test
    void depositWhoseConnectionIsCutWhileReadingIsRunAgain() throws Exception {
        faults.arm("for update", FaultKind.CUT_BEFORE);
        assertAnswer(deposit(1, 500), 200, "{\"outcome\":\"COMMITTED\",\"why\":\"balance 100500\"}");
        assertThat(faults.hits()).isOne();
        assertThat(balance(1)).isEqualTo(100_500);
    }

    @Test
    void depositWhoseConnectionIsCutWhileWritingIsRunAgain() throws Exception {
        faults.arm("update account", FaultKind.CUT_BEFORE);
        assertAnswer(deposit(1, 500), 200, "{\"outcome\":\"COMMITTED\",\"why\":\"balance 100500\"}");
        assertThat(faults.hits()).isOne();
        assertThat(balance(1)).isEqualTo(100_500);
    }

    @Test
    void depositWhoseReplyOfTheCommitIsLostIsStoredOnce() throws Exception {
        faults.arm("xa commit", FaultKind.CUT_AFTER);
        assertAnswer(deposit(1, 500), 200, "{\"outcome\":\"COMMITTED\",\"why\":\"balance 100500\"}");
        assertThat(faults.hits()).isOne();
        assertThat(balance(1)).isEqualTo(100_500);
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String body) {
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private void assertBalances(long first, long second, long stored) throws Exception {
        assertThat(balance(1)).isEqualTo(first);
        assertThat(balance(2)).isEqualTo(second);
        assertThat(faults.query("select sum(balance) from account")).isEqualTo(MONEY);
        assertThat(faults.query("select count(*) from transfer")).isEqualTo(stored);
    }

    private long balance(int account) throws Exception {
        return faults.query("select balance from account where id = " + account);
    }

    private long retried() throws Exception {
        Matcher matcher = RETRIED.matcher(get("api/reprise").body());
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private HttpResponse<String> transfer(String half, String id, int from, int to, long amount) throws Exception {
        return http.send(post(transferPath(half, id, from, to, amount)), HttpResponse.BodyHandlers.ofString());
    }

    private static String transferPath(String half, String id, int from, int to, long amount) {
        return "api/%s/transfers/%s?from=%d&to=%d&amount=%d".formatted(half, id, from, to, amount);
    }

    private HttpResponse<String> deposit(int account, long amount) throws Exception {
        return http.send(
                post("api/accounts/%d/deposits?amount=%d".formatted(account, amount)),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest post(String path) {
        return request(path).POST(HttpRequest.BodyPublishers.noBody()).build();
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + Stage.wildFly().httpPort() + "/bank/" + path))
                .timeout(BOUND);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.sample.Half;
import dev.reprise.sample.Outcome;
import java.net.URI;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteBankTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"outcome\":\"COMMITTED\",\"why\":\"\"} | COMMITTED",
                "{\"outcome\":\"ROLLED_BACK\",\"why\":\"commit failed\"} | ROLLED_BACK",
                "{\"outcome\":\"DUPLICATE\",\"why\":\"\"} | DUPLICATE",
                "{\"outcome\":\"UNKNOWN\",\"why\":\"\"} | UNKNOWN",
                "{\"outcome\":\"SOMETHING\"} | UNKNOWN",
                "<html>404 - Not Found</html> | UNKNOWN",
                "'' | UNKNOWN"
            })
    void readsNothingIntoAnAnswerThatDoesNotSay(String answer, Outcome outcome) {
        assertThat(RemoteBank.told(answer)).isEqualTo(outcome);
    }

    @Test
    void aBankThatDoesNotAnswerIsUnknown() {
        var nobody = new RemoteBank(HttpClient.newHttpClient(), URI.create("http://127.0.0.1:1/bank/"), Half.REPRISE);

        assertThat(nobody.transfer(1, 1, 2, 5)).isEqualTo(Outcome.UNKNOWN);
        assertThat(nobody.retried()).isNegative();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.sample.Half;
import dev.reprise.sample.Outcome;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
                "{\"outcome\":\"SOMETHING\"} | ",
                "<html>404 - Not Found</html> |",
                "'' |"
            })
    void readsNothingIntoAnAnswerThatDoesNotSay(String answer, @Nullable Outcome outcome) {
        assertThat(RemoteBank.told(answer)).isEqualTo(Optional.ofNullable(outcome));
    }

    @Test
    void aBankThatDoesNotAnswerSaysNothing() {
        var nobody = new RemoteBank(HttpClient.newHttpClient(), URI.create("http://127.0.0.1:1/bank/"), Half.REPRISE);

        assertThat(nobody.transfer(1, 1, 2, 5)).isEmpty();
        assertThat(nobody.retried()).isNegative();
    }
}

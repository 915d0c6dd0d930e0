// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "' ' | 1 | 2 | 5 | id: 1 to 40 characters are allowed, not 1",
                "01234567890123456789012345678901234567890 | 1 | 2 | 5 | id: 1 to 40 characters are allowed, not 41",
                "a | 1 | 2 | 0 | amount: more than 0 cents are allowed, not 0",
                "a | 1 | 2 | -5 | amount: more than 0 cents are allowed, not -5",
                "a | 3 | 3 | 5 | from, to: two accounts are needed, not twice 3"
            })
    void saysWhatIsAllowed(String id, int from, int to, long amount, String message) {
        assertThatThrownBy(() -> new Transfer(id, from, to, amount))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}

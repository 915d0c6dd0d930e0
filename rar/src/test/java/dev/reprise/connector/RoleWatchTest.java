// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoleWatchTest {

    @Test
    void oneCallerAsksInEachInterval() {
        var watch = new RoleWatch(Duration.ofSeconds(1));
        assertThat(watch.isDue()).isFalse();
        await().atMost(Duration.ofSeconds(15)).until(watch::isDue);
        assertThat(watch.isDue()).isFalse();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.TransactionRetried;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What an application learns of its retries. */
@ApplicationScoped
public class ObservedRetries {

    private final List<TransactionRetried> events = new CopyOnWriteArrayList<>();

    void observe(@Observes TransactionRetried event) {
        events.add(event);
    }

    public List<TransactionRetried> events() {
        return events;
    }

    public void clear() {
        events.clear();
    }
}

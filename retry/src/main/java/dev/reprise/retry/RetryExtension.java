// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Fails the deployment where {@link RetryTransaction} could not do what it says, with all that is wrong in one message.
 * Reads annotated types rather than session beans: they look the same in every container, and before any of them
 * complains in its own words.
 */
public class RetryExtension implements Extension {
    private final List<String> problems = new ArrayList<>();

    <T> void check(@Observes @WithAnnotations(RetryTransaction.class) ProcessAnnotatedType<T> event) {
        problems.addAll(Misuse.of(event.getAnnotatedType()));
    }

    void report(@Observes AfterBeanDiscovery event) {
        if (!problems.isEmpty()) {
            event.addDefinitionError(new DeploymentException(problems.stream()
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining("\n", "@RetryTransaction is misused:\n", ""))));
        }
    }
}

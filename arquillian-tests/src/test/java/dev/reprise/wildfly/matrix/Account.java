// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.wildfly.Told;
import java.time.Duration;

/**
 * What a caller can say of a transaction afterwards.
 *
 * @param took from the caller's side
 * @param text of {@link Told}
 */
record Account(Told.Outcome outcome, Duration took, String text) {}

// SPDX-License-Identifier: Apache-2.0
/** The clients of a bank, and what they were told: begin reading at {@link dev.reprise.sample.client.Client}. */
@NullMarked
package dev.reprise.sample.client;

import org.jspecify.annotations.NullMarked;

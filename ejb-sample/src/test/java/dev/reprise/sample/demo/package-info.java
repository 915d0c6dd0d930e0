// SPDX-License-Identifier: Apache-2.0
/** The demo: two banks under the same faults, and what became of their clients' money. Begin at {@link dev.reprise.sample.demo.Demo}. */
@NullMarked
package dev.reprise.sample.demo;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** What things cost, as ratios within one run. */
@NullMarked
package dev.reprise.benchmark;

import org.jspecify.annotations.NullMarked;

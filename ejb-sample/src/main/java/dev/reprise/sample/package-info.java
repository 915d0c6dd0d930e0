// SPDX-License-Identifier: Apache-2.0
/** A bank: what an application on Reprise looks like. Begin reading at {@link dev.reprise.sample.Bank}. */
@NullMarked
package dev.reprise.sample;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** Banks on two databases under all faults for as long as one likes. Begin at {@link dev.reprise.sample.soak.SoakIT}. */
@NullMarked
package dev.reprise.sample.soak;

import org.jspecify.annotations.NullMarked;

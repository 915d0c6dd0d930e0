// SPDX-License-Identifier: Apache-2.0
/** Runs a business method again, in a new transaction, after one that is certainly rolled back. */
@NullMarked
package dev.reprise.retry;

import org.jspecify.annotations.NullMarked;

// SPDX-License-Identifier: Apache-2.0
/** The transaction face: what the transaction manager sees of a managed connection. */
@NullMarked
package dev.reprise.xa;

import org.jspecify.annotations.NullMarked;

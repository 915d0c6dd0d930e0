// SPDX-License-Identifier: Apache-2.0
/** The Jakarta Connectors face: what the application server sees. */
@NullMarked
package dev.reprise.connector;

import org.jspecify.annotations.NullMarked;
